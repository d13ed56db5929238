/** Finds, sorts and pages rows where they are, and packs a page into bytes. */
import { InputError } from '@backstage/errors';
import { parseQuantity } from '@backstage-k8s/plugin-k8s-common';
import type {
  ColumnSource,
  ResourceHealth,
  ResourceRow,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  SortKey,
  TableQuery,
  TableResult,
} from '@backstage-k8s/plugin-k8s-node';
import { parseFieldSelector } from '../resources/FieldSelector';
import { matcherOf } from '../resources/matcherOf';
import { checkPlace, compareKeys } from '../views/cursor';
import { packRows } from './packRows';
import type { Row } from './Row';
import { cellText, rowFields } from './rowFields';
import { smallest } from './smallest';

/** What of a row is kept of a text to sort by: it goes into the cursor of a page. */
const SORTED_CHARACTERS = 64;
/** Sorts before every number that a cell can hold; a cursor cannot hold -Infinity. */
const NO_NUMBER = -Number.MAX_VALUE;
/** Trouble first. */
const HEALTH_RANKS: Record<ResourceHealth['state'], number> = {
  degraded: 0,
  progressing: 1,
  unknown: 2,
  suspended: 3,
  healthy: 4,
};

type SortValue = (row: Row) => string | number;

const SORT_VALUES: Record<string, SortValue> = {
  name: ({ metadata }) => metadata.name ?? '',
  namespace: ({ metadata }) => metadata.namespace ?? '',
  // The youngest first, as its age is the least.
  age: ({ metadata }) => -Date.parse(metadata.creationTimestamp ?? '') || 0,
  health: ({ content }) => HEALTH_RANKS[content.health.state],
};

function columnValue(column: ColumnSource, index: number): SortValue {
  switch (column.type) {
    case 'number':
      return ({ content }) => {
        const cell = content.cells[index];
        return typeof cell === 'number' ? cell : NO_NUMBER;
      };
    case 'quantity':
      return ({ content }) =>
        parseQuantity(cellText(content.cells[index])) ?? NO_NUMBER;
    default:
      return ({ content }) =>
        cellText(content.cells[index]).slice(0, SORTED_CHARACTERS);
  }
}

/** @throws InputError when there is no such column */
function sortOf(query: TableQuery): { value: SortValue; direction: 1 | -1 } {
  const sort = query.sort ?? 'namespace';
  const id = sort.replace(/^-/, '');
  const direction = sort.startsWith('-') ? -1 : 1;
  const index = query.columns.findIndex(column => column.id === id);
  if (index >= 0) {
    return { value: columnValue(query.columns[index], index), direction };
  }
  if (Object.hasOwn(SORT_VALUES, id)) {
    return { value: SORT_VALUES[id], direction };
  }
  const known = [...Object.keys(SORT_VALUES), ...query.columns.map(c => c.id)];
  throw new InputError(
    `There is no column ${id} to sort by; there are ${known.join(', ')}`,
  );
}

/** Leaves of a row those cells that a query wants. */
function rowChosenBy({
  columns,
  cells,
}: TableQuery): (row: ResourceRow) => ResourceRow {
  if (!cells) return row => row;
  const places = cells.map(id => columns.findIndex(column => column.id === id));
  return row => ({
    ...row,
    cells: places.map(place => row.cells[place] ?? null),
  });
}

/** The test of a query's own selectors; what may be seen is part of it. @throws InputError */
export function rowMatcherOf(query: TableQuery): (row: Row) => boolean {
  const matches = matcherOf(query);
  const fields = rowFields(query.columns);
  const selects = parseFieldSelector(query.fieldSelector, {
    fields: [...fields.keys()],
  });
  const wanted = query.search?.trim().toLowerCase();
  const isFound = ({ metadata, content }: Row) =>
    !wanted ||
    (metadata.name ?? '').toLowerCase().includes(wanted) ||
    (content.search?.includes(wanted) ?? false);
  const isSelected = (row: Row) =>
    selects(name => fields.get(name)?.(row) ?? '');
  // Access is asked last: it costs most.
  return row => isFound(row) && isSelected(row) && matches(row);
}

/** A row as the REST API tells it. */
export function toResourceRow(
  row: Pick<Row, 'metadata' | 'content'>,
  cluster: string,
): ResourceRow {
  const { metadata, content } = row;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  return {
    cluster,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    // Some kinds that an API server makes up have null.
    ...(metadata.creationTimestamp && {
      createdAt: metadata.creationTimestamp,
    }),
    ...(metadata.deletionTimestamp !== undefined && { deleting: true }),
    ...(metadata.labels && { labels: metadata.labels }),
    ...(owner && { owner: { kind: owner.kind, name: owner.name } }),
    health: content.health,
    cells: content.cells,
  };
}

/**
 * One page of the rows.
 *
 * @throws InputError when a selector, the sort or the place of the page cannot be read
 */
export function selectRows(
  rows: Iterable<Row>,
  query: TableQuery,
): Omit<TableResult, 'cache'> {
  const { cluster, limit, after } = query;
  const matches = rowMatcherOf(query);
  const { value, direction } = sortOf(query);
  const keyOf = (row: Row): SortKey => [
    value(row),
    row.metadata.namespace ?? '',
    row.metadata.name ?? '',
    cluster,
  ];
  const health: TableResult['health'] = {};
  const candidates: { row: Row; key: SortKey }[] = [];
  let total = 0;
  for (const row of rows) {
    if (!matches(row)) continue;
    total += 1;
    const { state } = row.content.health;
    health[state] = (health[state] ?? 0) + 1;
    if (limit === 0) continue;
    const key = keyOf(row);
    if (after) {
      if (total === 1) checkPlace(after, key);
      if (direction * compareKeys(key, after) <= 0) continue;
    }
    candidates.push({ row, key });
  }
  const page = smallest(candidates, {
    count: limit,
    compare: (one, other) => direction * compareKeys(one.key, other.key),
  });
  const chosen = rowChosenBy(query);
  return {
    rows: packRows(
      page.map(({ row, key }) => ({
        row: chosen(toResourceRow(row, cluster)),
        key,
      })),
    ),
    total,
    health,
    hasMore: candidates.length > page.length,
  };
}
