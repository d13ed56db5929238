import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { applyRows } from './applyRows';
import { queryKeys } from './queryKeys';
import { unwrap } from './unwrap';
import { useLiveQuery } from './useLiveQuery';

type Cluster = Schema<'Cluster'>;
type ClusterDetail = Schema<'ClusterDetail'>;
type ClusterHealth = Schema<'ClusterHealth'>;

const byName = (left: { name: string }, right: { name: string }) =>
  left.name.localeCompare(right.name);

/** The clusters that one may see, by name; live. @public */
export function useClusters() {
  return useLiveQuery<Cluster[]>({
    queryKey: queryKeys.clusters,
    read: async ({ client }, signal) =>
      unwrap(await client.GET('/clusters', { signal })).clusters,
    topic: { topic: 'clusters' },
    apply: (clusters, changes, { first }) => {
      const { rows, missing } = applyRows(clusters, changes, {
        keyOf: ({ id }) => id,
        compare: byName,
        first,
      });
      return { data: rows, readAgain: missing > 0 };
    },
  });
}

/** One cluster with its address and nodes; live but for the nodes. @public */
export function useCluster(id: string) {
  return useLiveQuery<ClusterDetail>({
    queryKey: queryKeys.cluster(id),
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET('/clusters/{id}', {
          params: { path: { id } },
          signal,
        }),
      ),
    topic: { topic: 'clusters' },
    apply: (cluster, changes) => {
      const row = (changes.upserted as Cluster[]).find(one => one.id === id);
      return {
        data: row ? { ...cluster, ...row } : cluster,
        // Then the answer says that it is gone.
        readAgain: changes.deleted.includes(id),
      };
    },
  });
}

/** The health of a cluster with the history of a week; live. @public */
export function useClusterHealth(id: string) {
  return useLiveQuery<ClusterHealth>({
    queryKey: queryKeys.health(id),
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET('/clusters/{id}/health', {
          params: { path: { id } },
          signal,
        }),
      ),
    topic: { topic: 'health', cluster: id },
    apply: (health, { upserted }) => ({
      data: (upserted as ClusterHealth[])[0] ?? health,
    }),
  });
}
