import { createK8sClient } from '@backstage-k8s/plugin-k8s-common';
import type { K8sClient } from '@backstage-k8s/plugin-k8s-common';
import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import { isError, ResponseError } from '@backstage/errors';

/** The suite answers before this, with an error where it has to. */
const TIMEOUT_MS = 30_000;

/** What a client for a service is made of. @public */
export interface ServiceClientOptions {
  /** Of the plugin that asks. */
  auth: AuthService;
  discovery: DiscoveryService;
  /** Milliseconds that an answer may take; 30,000 by default. */
  timeoutMs?: number;
}

/**
 * A client of the suite's REST API that asks as the plugin in which it is made, e.g. the catalog, which sees what
 * `k8s.permission.services` gives to it. Its token lasts for an hour at most: what takes longer makes another client.
 *
 * Its requests fail with a `ResponseError` when they are refused; see {@link isNotFoundAnswer}.
 *
 * @public
 */
export async function createServiceClient(
  options: ServiceClientOptions,
): Promise<K8sClient> {
  const { auth, discovery, timeoutMs = TIMEOUT_MS } = options;
  const { token } = await auth.getPluginRequestToken({
    onBehalfOf: await auth.getOwnServiceCredentials(),
    targetPluginId: 'k8s',
  });
  return createK8sClient(await discovery.getBaseUrl('k8s'), {
    fetch: async request => {
      request.headers.set('Authorization', `Bearer ${token}`);
      // A signal that is given takes the place of the request's own, by which its caller leaves.
      const signal = AbortSignal.any([
        request.signal,
        AbortSignal.timeout(timeoutMs),
      ]);
      const response = await fetch(request, { signal });
      if (!response.ok) throw await ResponseError.fromResponse(response);
      return response;
    },
  });
}

/** Whether a client's request failed since there is no such thing, or none that its service may see. @public */
export function isNotFoundAnswer(error: unknown): boolean {
  const cause = error instanceof ResponseError ? error.cause : undefined;
  return isError(cause) && cause.name === 'NotFoundError';
}
