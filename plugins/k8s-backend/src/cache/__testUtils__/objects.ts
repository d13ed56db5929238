import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  RequestContext,
  ResourceKind,
} from '@backstage-k8s/plugin-k8s-node';

/** A kind for tests. */
export const CONFIG_MAPS: ResourceKind = {
  cluster: 'c1',
  group: '',
  version: 'v1',
  plural: 'configmaps',
};

/** Path of {@link CONFIG_MAPS}. */
export const CONFIG_MAPS_PATH = '/api/v1/configmaps';

/** An object as an API server has it; its uid is made of its name unless given. */
export function configMap(
  name: string,
  version: number | string,
  more: {
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    data?: Record<string, string>;
    ownerUid?: string;
  } = {},
): KubernetesObject {
  const { namespace = 'default', uid = `uid-${name}`, labels, data } = more;
  return {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: {
      name,
      namespace,
      uid,
      labels,
      resourceVersion: String(version),
      ownerReferences:
        more.ownerUid === undefined
          ? undefined
          : [
              {
                apiVersion: 'apps/v1',
                kind: 'Owner',
                name: 'owner',
                uid: more.ownerUid,
              },
            ],
    },
    data,
  };
}

/** A page of a list as the API server writes it. */
export function listOf(
  items: readonly KubernetesObject[],
  version: number | string,
  more: { continue?: string } = {},
): string {
  const bare = items.map(({ kind, apiVersion, ...rest }) => rest);
  const metadata = { resourceVersion: String(version), ...more };
  const kind = 'ConfigMapList';
  return JSON.stringify({ kind, apiVersion: 'v1', metadata, items: bare });
}

/** A line of a watch. */
export function line(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

/** A line of a watch that tells only the version. */
export function bookmark(version: number | string): string {
  return line('BOOKMARK', {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { resourceVersion: String(version) },
  });
}

/** An unsuccessful answer's body, also the object of an ERROR event. */
export function statusBody(
  code: number,
  more: { reason?: string; message?: string; details?: object } = {},
): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, ...more };
}

/** A request's context, of the suite itself unless said otherwise. */
export function contextOf(more: Partial<RequestContext> = {}): RequestContext {
  return {
    credentials: { $$type: '@backstage/BackstageCredentials', principal: {} },
    principal: { type: 'system', ref: 'system' },
    requestId: 'request',
    signal: new AbortController().signal,
    audit: { recorded: false },
    ...more,
  };
}

/** Waits until the condition holds; fails when it does not within 20 s, which no test that passes needs. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error('It never came to be');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
