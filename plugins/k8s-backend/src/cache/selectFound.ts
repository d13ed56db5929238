/** The rows that a text is found in, the best matches first. */
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type {
  FindQuery,
  SortKey,
  TableQuery,
  TableResult,
} from '@backstage-k8s/plugin-k8s-node';
import { compareKeys } from '../views/cursor';
import { packRows } from './packRows';
import type { Row } from './Row';
import { RowFinder } from './RowFinder';
import type { RowMatch } from './RowFinder';
import { rowMatcherOf, toResourceRow } from './selectRows';
import { smallest } from './smallest';

interface Candidate {
  row: Row;
  match: RowMatch;
  key: SortKey;
}

/** @throws InputError when a selector cannot be read */
export function selectFound(
  rows: Iterable<Row>,
  query: TableQuery & { find: FindQuery },
): Omit<TableResult, 'cache'> {
  const { cluster, limit } = query;
  const finder = new RowFinder(query.find);
  const matches = rowMatcherOf(query);
  const health: TableResult['health'] = {};
  const candidates: Candidate[] = [];
  for (const row of rows) {
    const match = finder.match(row);
    // Access is asked last: it costs most.
    if (!match || !matches(row)) continue;
    const { state } = row.content.health;
    health[state] = (health[state] ?? 0) + 1;
    const { name = '', namespace = '' } = row.metadata;
    candidates.push({
      row,
      match,
      key: [match.rank, name, namespace, cluster],
    });
  }
  const page = smallest(candidates, {
    count: limit,
    compare: (one, other) => compareKeys(one.key, other.key),
  });
  return {
    rows: packRows(
      page.map(found => ({
        row: toFoundObject(found, finder, cluster),
        key: found.key,
      })),
    ),
    total: candidates.length,
    health,
    hasMore: candidates.length > page.length,
  };
}

function toFoundObject(
  { row, match }: Candidate,
  finder: RowFinder,
  cluster: string,
): Schema<'FoundObject'> {
  const { cells, labels, resourceVersion, ...known } = toResourceRow(
    row,
    cluster,
  );
  const text = finder.textOf(row, match);
  return { ...known, match: { by: match.by, ...(text && { text }) } };
}
