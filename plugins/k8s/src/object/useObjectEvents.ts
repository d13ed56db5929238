import {
  queryKeys,
  unwrap,
  useLiveQuery,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';

/** The most that are shown of one object. */
const MOST_EVENTS = 200;

/** The events of an object, grouped; read again as there are others in its namespace. */
export function useObjectEvents(target: ResourceRef, kind: string) {
  const { cluster, namespace, name } = target;
  return useLiveQuery({
    queryKey: [...queryKeys.resource(target), 'events'],
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET('/clusters/{id}/events', {
          params: {
            path: { id: cluster },
            query: {
              namespace,
              involved: `${kind}/${name}`,
              limit: MOST_EVENTS,
            },
          },
          signal,
        }),
      ),
    topic: {
      topic: 'resources',
      cluster,
      group: 'core',
      plural: 'events',
      namespace,
    },
    apply: (data, { upserted, deleted, cache }) => ({
      data: { ...data, cache: cache ?? data.cache },
      readAgain: upserted.length > 0 || deleted.length > 0,
    }),
    onReset: 'read',
  });
}
