import type { RegisteredCluster } from './ClusterStore';

/** Reference of a cluster's catalog entity. */
export function clusterEntityRef({
  slug,
}: Pick<RegisteredCluster, 'slug'>): string {
  return `resource:default/${slug}`;
}
