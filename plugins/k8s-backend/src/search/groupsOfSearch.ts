import { kindName } from '@backstage-k8s/plugin-k8s-common';
import type { SortKey } from '@backstage-k8s/plugin-k8s-node';
import { smallest } from '../cache/smallest';
import { jsonArrayOf, placesOf } from '../tables/packedRows';
import type { RowPlace } from '../tables/packedRows';
import { compareKeys } from '../views/cursor';
import type { Found } from './Found';

const NOTHING = {
  ...{ bytes: new Uint8Array(), ends: new Uint32Array(), keys: '[]' },
};

const rankOf = (best: SortKey | undefined) => Number(best?.[0] ?? 0);

/** The last part of a key is the id of its cluster; people know the name. */
const placesFound = ({ table, cluster }: Found): RowPlace[] =>
  placesOf(table?.rows ?? NOTHING).map(place => ({
    ...place,
    key: [...place.key.slice(0, -1), cluster.name],
  }));

/** The best of one kind on all clusters, as JSON text in pieces. */
function groupOf(ofKind: readonly Found[], limit: number) {
  const { group, plural } = ofKind[0].type;
  const page = smallest(ofKind.flatMap(placesFound), {
    count: limit,
    compare: (one, other) => compareKeys(one.key, other.key),
  });
  const total = ofKind.reduce((sum, { table }) => sum + (table?.total ?? 0), 0);
  const health: Record<string, number> = {};
  for (const { table } of ofKind) {
    for (const [state, count] of Object.entries(table?.health ?? {})) {
      health[state] = (health[state] ?? 0) + count;
    }
  }
  const described = ofKind.find(({ kind }) => kind)?.kind;
  const head = {
    ...{ group, plural, kind: described?.kind ?? plural },
    namespaced: described?.namespaced ?? true,
    custom: described?.custom ?? false,
    ...{ total, health },
  };
  return {
    total,
    best: page[0]?.key,
    text: [
      `${JSON.stringify(head).slice(0, -1)},"items":`,
      ...jsonArrayOf(page),
      '}',
    ],
  };
}

/** What was found by kind, the kind with the best match first; among equals in the order in which kinds were asked for. */
export function groupsOfSearch(
  found: readonly Found[],
  options: { limit: number },
): { groups: (string | Uint8Array)[]; total: number } {
  const byKind = new Map<string, Found[]>();
  for (const one of found) {
    const name = kindName(one.type);
    const there = byKind.get(name);
    if (there) there.push(one);
    else byKind.set(name, [one]);
  }
  const groups = [...byKind.values()]
    .map(ofKind => groupOf(ofKind, options.limit))
    .filter(({ total }) => total > 0)
    // Of the key only how well it matches: names of different kinds do not compare.
    .sort((one, other) => rankOf(one.best) - rankOf(other.best));
  return {
    groups: groups.flatMap(({ text }, index) =>
      index === 0 ? text : [',', ...text],
    ),
    total: groups.reduce((sum, { total }) => sum + total, 0),
  };
}
