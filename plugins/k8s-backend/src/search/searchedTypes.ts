import {
  kindName,
  SEARCHED_KINDS,
  searchedFieldsOf,
  traitsOf,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ResourceType,
  SearchField,
} from '@backstage-k8s/plugin-k8s-common';
import type { KindStatus } from '../cache/CacheStatus';

/** A kind that is searched in one cluster. */
export interface SearchedType extends ResourceType {
  /** Absent: the one that the cluster prefers. */
  version?: string;
  by: readonly SearchField[];
  /** It is searched only while others read it. */
  onlyCached?: boolean;
}

const alwaysSearched = new Set(SEARCHED_KINDS.map(kindName));

/**
 * The kinds to search in a cluster: those of the table, and the custom resources that are cached anyway. Reading every kind of
 * every cluster because somebody types would cost more than it finds.
 *
 * @param options - `kinds`: only these; `cached`: what is cached of all clusters
 */
export function searchedTypes(options: {
  cluster: string;
  kinds?: readonly ResourceType[];
  cached?: readonly KindStatus[];
}): SearchedType[] {
  const { cluster, kinds, cached = [] } = options;
  const wanted = kinds && new Set(kinds.map(kindName));
  const ofTable: SearchedType[] = SEARCHED_KINDS.filter(
    kind => wanted?.has(kindName(kind)) ?? true,
  ).map(({ group, plural, by }) => ({ group, plural, by }));
  const others = new Map<string, SearchedType>();
  for (const { group, plural, version, ...status } of cached) {
    const name = kindName({ group, plural });
    const isWanted = wanted
      ? wanted.has(name)
      : traitsOf({ group, plural }) === undefined;
    if (status.cluster !== cluster || !isWanted || alwaysSearched.has(name)) {
      continue;
    }
    const by = searchedFieldsOf({ group, plural });
    others.set(name, { group, plural, version, by, onlyCached: true });
  }
  return [...ofTable, ...others.values()];
}
