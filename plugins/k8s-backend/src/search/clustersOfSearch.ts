import { kindName } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import type { RegisteredReference } from '../access/VisibleClusters';
import type { Found } from './Found';

const LATE = 'It has not answered yet';
/** Kinds that an error names; of more it says how many. */
const NAMED_KINDS = 3;

/** Old or incomplete answers make the whole cluster's so. */
function cacheOf(ofCluster: readonly Found[]): CacheState {
  const states = ofCluster.flatMap(({ table }) => table?.cache ?? []);
  const isSyncing =
    ofCluster.some(({ isLate }) => isLate) ||
    states.some(({ state }) => state === 'syncing');
  const stale = states
    .filter(({ state }) => state === 'stale')
    .sort((one, other) => ((one.asOf ?? '') < (other.asOf ?? '') ? -1 : 1));
  if (stale.length > 0) return stale[0];
  if (isSyncing) return { state: 'syncing' };
  return ofCluster.some(({ error }) => error) && states.length === 0
    ? { state: 'stale' }
    : { state: 'live' };
}

/** Why something of a cluster is missing, once; with the kinds where it is not all of it. */
function errorOf(ofCluster: readonly Found[]): string | undefined {
  const kinds = new Map<string, string[]>();
  for (const { type, isLate, error } of ofCluster) {
    const message = isLate ? LATE : error;
    if (message === undefined) continue;
    kinds.set(message, [...(kinds.get(message) ?? []), kindName(type)]);
  }
  const [first] = kinds;
  if (!first) return undefined;
  const hasAnswers = ofCluster.some(({ table }) => table);
  if (!hasAnswers) return first[0];
  return [...kinds]
    .map(([message, names]) => {
      const more = names.length - NAMED_KINDS;
      const named = names.slice(0, NAMED_KINDS).join(', ');
      return `${named}${more > 0 ? ` and ${more} more` : ''}: ${message}`;
    })
    .join('; ');
}

/** How fresh the answer of each cluster is, and what it could not say. */
export function clustersOfSearch(
  clusters: readonly RegisteredReference[],
  found: readonly Found[],
): Pick<Schema<'SearchAnswer'>, 'clusters' | 'errors'> {
  const byCluster = new Map(clusters.map(({ id }) => [id, [] as Found[]]));
  for (const one of found) byCluster.get(one.cluster.id)?.push(one);
  const of = ({ id }: RegisteredReference) => byCluster.get(id) ?? [];
  return {
    clusters: clusters.map(cluster => {
      const { id, name, labels } = cluster;
      return { id, name, labels, cache: cacheOf(of(cluster)) };
    }),
    errors: clusters.flatMap(cluster => {
      const error = errorOf(of(cluster));
      const { id, name } = cluster;
      return error === undefined ? [] : [{ cluster: { id, name }, error }];
    }),
  };
}
