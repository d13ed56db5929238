import { k8sClusterUpdatePermission } from '@backstage-k8s/plugin-k8s-common';
import type { AccessControl } from '../access/AccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { Handlers } from '../router/Handlers';
import type { CacheStatus } from './CacheStatus';

const keyOf = (kind: { cluster: string; group: string; plural: string }) =>
  `${kind.cluster} ${kind.group} ${kind.plural}`;

/** Tells administrators how the caches of their clusters are. */
export function cacheHandlers(options: {
  cache: CacheStatus;
  access: AccessControl;
  clusters: VisibleClusters;
}): Pick<Handlers, 'getCacheStatus'> {
  const { cache, access, clusters } = options;
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
      const kinds = administered.size === 0 ? [] : await cache.kinds();
      return {
        kinds: kinds
          .filter(({ cluster }) => administered.has(cluster))
          .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)),
        process: {
          memoryBytes: process.memoryUsage.rss(),
          upSeconds: process.uptime(),
        },
      };
    },
  };
}
