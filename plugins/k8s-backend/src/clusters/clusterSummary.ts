import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import type { HealthSummary } from '../health/HealthMonitor';
import { clusterEntityRef } from './clusterEntityRef';
import type { RegisteredCluster } from './ClusterStore';

/** What a row shows besides the cluster itself; what is absent is not known. */
export interface ClusterSight {
  health?: HealthSummary;
  counts?: Schema<'Cluster'>['counts'];
  cache?: CacheState;
}

/** The row of a cluster in lists. */
export function clusterSummary(
  cluster: RegisteredCluster,
  { health, counts, cache }: ClusterSight,
): Schema<'Cluster'> {
  const { id, name, labels, owner, createdAt } = cluster;
  return {
    id,
    name,
    status: health?.status ?? 'unknown',
    ...(health?.reason !== undefined && { statusReason: health.reason }),
    ...(health?.since !== undefined && { statusSince: health.since }),
    ...(health?.lastSeen !== undefined && { lastSeen: health.lastSeen }),
    ...(health?.version !== undefined && { version: health.version }),
    labels,
    ...(owner !== undefined && { owner }),
    protected: cluster.protected,
    ...(cluster.impersonates && { impersonate: true }),
    skipTlsVerify: cluster.endpoint.skipTlsVerify,
    entityRef: clusterEntityRef(cluster),
    createdAt,
    ...(counts && { counts }),
    ...(cache && { cache }),
  };
}
