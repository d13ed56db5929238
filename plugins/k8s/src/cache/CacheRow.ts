import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** The answer of `GET /cache`; who does not administer every cluster is not told the totals over all. */
export interface CacheReport {
  kinds: Schema<'CachedKind'>[];
  clusters: { cluster: string; calls: number; callsPerMinute: number }[];
  history?: { recorded: number; dropped: number; waiting: number };
  memory?: {
    ceilingBytes: number;
    usedBytes: number;
    droppedBodies: number;
    droppedKinds: number;
  };
  process?: { memoryBytes: number; upSeconds: number };
}

/** One kind of one cluster, as a row. */
export interface CachedKindRow extends Schema<'CachedKind'> {
  id: string;
  clusterName: string;
  kindName: string;
  /** Lists that were read after the first one. */
  relists: number;
}

/** One cluster, all its kinds together. */
export interface CachedClusterRow {
  id: string;
  name: string;
  /** The worst of its kinds. */
  state: CachedKindRow['state'];
  kinds: number;
  objects: number;
  memoryBytes: number;
  errors: number;
  calls: number;
  callsPerMinute: number;
}

/** The states, the one that needs attention first. */
export const CACHE_STATES = ['stale', 'syncing', 'live'] as const;

/** What of a kind is kept, the one first that needs attention. */
export const KEPT = ['nothing', 'rows', 'objects'] as const;

/** How bad a state is; 0: worst. */
export const rankOf = (state: CachedKindRow['state']) =>
  CACHE_STATES.indexOf(state);

/** The kinds as rows, stale ones first, then by cluster and kind. */
export function kindRows(
  report: CacheReport,
  names: ReadonlyMap<string, string>,
): CachedKindRow[] {
  return report.kinds
    .map(kind => {
      const { cluster, group, version, plural, lists } = kind;
      return {
        ...kind,
        id: [cluster, group, version, plural].join(' '),
        clusterName: names.get(cluster) ?? cluster,
        kindName: group ? `${plural}.${group}` : plural,
        relists: Math.max(0, lists - 1),
      };
    })
    .sort(
      (one, other) =>
        rankOf(one.state) - rankOf(other.state) ||
        one.clusterName.localeCompare(other.clusterName) ||
        one.kindName.localeCompare(other.kindName),
    );
}

const sumOf = <R>(rows: readonly R[], value: (row: R) => number) =>
  rows.reduce((sum, row) => sum + value(row), 0);

/** The clusters that anything is known of, those with something stale first, then by name. */
export function clusterRows(
  report: CacheReport,
  names: ReadonlyMap<string, string>,
): CachedClusterRow[] {
  const ids = new Set([
    ...report.kinds.map(({ cluster }) => cluster),
    ...report.clusters.map(({ cluster }) => cluster),
  ]);
  return [...ids]
    .map(id => {
      const kinds = report.kinds.filter(({ cluster }) => cluster === id);
      const called = report.clusters.find(({ cluster }) => cluster === id);
      const worst = CACHE_STATES.find(state =>
        kinds.some(kind => kind.state === state),
      );
      return {
        id,
        name: names.get(id) ?? id,
        state: worst ?? 'live',
        kinds: kinds.length,
        objects: sumOf(kinds, ({ objects }) => objects),
        memoryBytes: sumOf(kinds, ({ memoryBytes }) => memoryBytes),
        errors: sumOf(kinds, ({ errors }) => errors),
        calls: called?.calls ?? 0,
        callsPerMinute: called?.callsPerMinute ?? 0,
      };
    })
    .sort(
      (one, other) =>
        rankOf(one.state) - rankOf(other.state) ||
        one.name.localeCompare(other.name),
    );
}
