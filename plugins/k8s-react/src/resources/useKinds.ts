import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { queryKeys } from '../data/queryKeys';
import { unwrap } from '../data/unwrap';
import { useLiveQuery } from '../data/useLiveQuery';
import type { CacheState } from '../stream/StreamEvent';

/** The kinds that a cluster serves. @public */
export interface ClusterKinds {
  kinds: Schema<'Kind'>[];
  cache: CacheState;
}

/** Every kind that a cluster serves, custom resources included; read again when one is defined or removed. @public */
export function useKinds(cluster: string) {
  return useLiveQuery<ClusterKinds>({
    queryKey: queryKeys.kinds(cluster),
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET('/clusters/{id}/kinds', {
          params: { path: { id: cluster } },
          signal,
        }),
      ),
    topic: {
      topic: 'resources',
      cluster,
      group: 'apiextensions.k8s.io',
      plural: 'customresourcedefinitions',
    },
    apply: (data, { upserted, deleted }) => ({
      data,
      readAgain: upserted.length > 0 || deleted.length > 0,
    }),
    onReset: 'nothing',
  });
}
