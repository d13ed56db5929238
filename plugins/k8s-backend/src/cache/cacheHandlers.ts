import { k8sClusterUpdatePermission } from '@backstage-k8s/plugin-k8s-common';
import type { AccessControl } from '../access/AccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { ClusterCalls } from '../connection/CallCounter';
import type { HistoryStatus } from '../history/HistoryRecorder';
import type { Handlers } from '../router/Handlers';
import type { CacheStatus } from './CacheStatus';
import { sumCalls } from './sumCalls';

const keyOf = (kind: { cluster: string; group: string; plural: string }) =>
  `${kind.cluster} ${kind.group} ${kind.plural}`;

/** Tells administrators how the caches of their clusters are, and those of every cluster what all of it takes together. */
export function cacheHandlers(options: {
  cache: CacheStatus;
  /** Requests to API servers besides those of the cache. */
  calls: () => ClusterCalls[];
  history: () => HistoryStatus;
  access: AccessControl;
  clusters: VisibleClusters;
}): Pick<Handlers, 'getCacheStatus'> {
  const { cache, access, clusters, calls, history } = options;
  const totals = async () => ({
    history: history(),
    memory: await cache.memory(),
    process: {
      memoryBytes: process.memoryUsage.rss(),
      upSeconds: process.uptime(),
    },
  });
  return {
    getCacheStatus: async ({ context }) => {
      const visible = await clusters.list(context);
      const allowed = await Promise.all(
        visible.map(cluster =>
          access.allowsCluster(k8sClusterUpdatePermission, cluster, context),
        ),
      );
      const administered = new Set(
        visible.filter((_, index) => allowed[index]).map(({ id }) => id),
      );
      const hasAny = administered.size > 0;
      const kinds = hasAny ? await cache.kinds() : [];
      const called = hasAny ? sumCalls(calls(), await cache.calls()) : [];
      return {
        kinds: kinds
          .filter(({ cluster }) => administered.has(cluster))
          .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)),
        clusters: called.filter(({ cluster }) => administered.has(cluster)),
        // They tell of clusters that the caller may not see, too.
        ...((await access.allowsEveryCluster(
          k8sClusterUpdatePermission,
          context,
        )) && (await totals())),
      };
    },
  };
}
