import type { ClusterConnection } from './ClusterConnection';

/** Whom the API server is to take us for; our own credential has to be allowed to impersonate them. */
export interface KubeIdentity {
  user: string;
  groups: readonly string[];
}

// What a header may hold; everything else could end it.
const HEADER_VALUE = /^[\x21-\x7e]+$/;

/**
 * The headers that say so.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 * @throws Error when a name cannot be part of a header; a part of them would be worse than none
 */
export function impersonationHeaders(
  identity: KubeIdentity | undefined,
): Record<string, string | string[]> {
  if (!identity) return {};
  const { user, groups } = identity;
  if (![user, ...groups].every(name => HEADER_VALUE.test(name))) {
    throw new Error('An identity cannot be told to an API server');
  }
  return {
    'impersonate-user': user,
    ...(groups.length > 0 && { 'impersonate-group': [...groups] }),
  };
}

/** The same connection, used as somebody else. */
export function connectionAs(
  connection: ClusterConnection,
  as: KubeIdentity,
): ClusterConnection {
  const { cluster, generation } = connection;
  return {
    cluster,
    generation,
    request: request => connection.request({ ...request, as }),
    socket: request => connection.socket({ ...request, as }),
    state: () => connection.state(),
  };
}
