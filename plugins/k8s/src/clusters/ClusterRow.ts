import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** A registered cluster. */
export type Cluster = Schema<'Cluster'>;

/** A cluster that the development portal is still building. */
export type BuildingCluster =
  Schema<'InstallationStatus'>['developmentClusters'][number];

/** A row of the clusters' table. */
export interface ClusterRow {
  id: string;
  name: string;
  /** Absent: it is still being built. */
  cluster?: Cluster;
  building?: BuildingCluster;
}

/** The rows of registered clusters, and of those that are being built and not registered yet. */
export function toClusterRows(
  clusters: readonly Cluster[],
  building: readonly BuildingCluster[] = [],
): ClusterRow[] {
  const names = new Set(clusters.map(({ name }) => name));
  return [
    ...clusters.map(cluster => ({
      id: cluster.id,
      name: cluster.name,
      cluster,
    })),
    ...building
      .filter(({ name, state }) => state !== 'ready' && !names.has(name))
      .map(one => ({
        id: `building ${one.name}`,
        name: one.name,
        building: one,
      })),
  ];
}

/** Which clusters are shown. Empty: all. */
export interface ClusterFilter {
  search: string;
  status: string;
  /** `key=value` */
  label: string;
}

/** Whether a row passes the filter; the search looks at names, labels, owners, versions and reasons. */
export function matchesFilter(row: ClusterRow, filter: ClusterFilter): boolean {
  const { cluster, building } = row;
  if (filter.status && cluster?.status !== filter.status) return false;
  const labels = Object.entries(cluster?.labels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  if (filter.label && !labels.includes(filter.label)) return false;
  const text = [
    row.name,
    ...labels,
    cluster?.owner,
    cluster?.version,
    cluster?.statusReason,
    building?.state,
  ].join('\n');
  return text.toLowerCase().includes(filter.search.trim().toLowerCase());
}

/** Whether somebody should look at a cluster. */
export function needsAttention({ cluster, building }: ClusterRow): boolean {
  if (building) return building.state === 'failed';
  return cluster !== undefined && cluster.status !== 'healthy';
}
