import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { StreamChanges } from '../data/useLiveQuery';
import type { CacheState } from '../stream/StreamEvent';
import { resourceOrder } from './resourceOrder';

/** A row of a kind's list. */
type Row = Schema<'ResourceRow'>;

/** The beginning of a kind's list, as far as it was read. @public */
export interface ResourceRows {
  columns: readonly Schema<'ResourceColumn'>[];
  /** The first rows of the list, without a gap. */
  rows: readonly Row[];
  /** Rows of the whole list. */
  total: number;
  /** How many of the whole list are in which state. */
  health?: Readonly<Record<string, number>>;
  /** Where the next page begins; absent: all rows are here. */
  continue?: string;
  cache: CacheState;
}

/** How a list is sorted and narrowed, as far as rows that come later have to be put in. */
export interface RowsQuery {
  sort?: string;
  search?: string;
  /** What it chooses cannot be told from a row: no new ones are put in. */
  fieldSelector?: string;
}

/** What a row is known by within its kind and cluster: `namespace/name`, or the name. @public */
export function resourceKey(row: { namespace?: string; name: string }): string {
  return row.namespace === undefined
    ? row.name
    : `${row.namespace}/${row.name}`;
}

// Of each array of rows, where which row is. A list may have a hundred thousand rows, most changes are of a few.
const places = new WeakMap<readonly Row[], Map<string, number>>();

function placesOf(rows: readonly Row[]): Map<string, number> {
  let known = places.get(rows);
  if (!known) {
    known = new Map(rows.map((row, index) => [resourceKey(row), index]));
    places.set(rows, known);
  }
  return known;
}

/** The list with one more page at its end. Rows that came by the stream meanwhile are not repeated. */
export function appendPage(
  list: ResourceRows,
  page: ResourceRows,
): ResourceRows {
  const known = placesOf(list.rows);
  const added = page.rows.filter(row => !known.has(resourceKey(row)));
  return { ...page, rows: [...list.rows, ...added] };
}

function isFound(row: Row, search: string | undefined): boolean {
  return (
    !search ||
    JSON.stringify([row.name, row.cells, row.health])
      .toLowerCase()
      .includes(search.toLowerCase())
  );
}

function replaced(rows: readonly Row[], changed: ReadonlyMap<string, Row>) {
  const known = placesOf(rows);
  const next = [...rows];
  for (const [key, row] of changed) next[known.get(key)!] = row;
  // The rows are where they were.
  places.set(next, known);
  return next;
}

function merged(
  rows: readonly Row[],
  added: readonly Row[],
  compare: (left: Row, right: Row) => number,
): Row[] {
  const waiting = [...added].sort(compare);
  const next: Row[] = [];
  for (const row of rows) {
    while (waiting.length > 0 && compare(waiting[0], row) < 0) {
      next.push(waiting.shift()!);
    }
    next.push(row);
  }
  return [...next, ...waiting];
}

/** The counts of states, with some rows out and some in. */
function recounted(
  counts: ResourceRows['health'],
  change: { out: readonly Row[]; in: readonly Row[] },
): ResourceRows['health'] {
  if (!counts) return undefined;
  const next: Record<string, number> = { ...counts };
  for (const { health } of change.out) {
    next[health.state] = Math.max(0, (next[health.state] ?? 0) - 1);
  }
  for (const { health } of change.in) {
    next[health.state] = (next[health.state] ?? 0) + 1;
  }
  return next;
}

/**
 * Puts changed rows into a list. Known rows are changed where they are, so that they do not jump, even when the list is sorted by
 * what changed. New rows come in at their place; what belongs behind the rows that were read only makes the total uncertain.
 */
export function mergeRows(
  list: ResourceRows,
  changes: StreamChanges,
  query: RowsQuery,
): { data: ResourceRows; isTotalUncertain: boolean } {
  const { columns, continue: more } = list;
  const known = placesOf(list.rows);
  const upserted = new Map(
    (changes.upserted as Row[]).map(row => [resourceKey(row), row]),
  );
  const changed = new Map([...upserted].filter(([key]) => known.has(key)));
  const deleted = changes.deleted.filter(key => known.has(key));
  const compare = resourceOrder(columns, query.sort);
  const last = list.rows.at(-1);
  const others = [...upserted]
    .filter(
      ([key, row]) =>
        !known.has(key) &&
        query.fieldSelector === undefined &&
        isFound(row, query.search),
    )
    .map(([, row]) => row);
  const added = others.filter(
    row => more === undefined || (last && compare(row, last) < 0),
  );

  let { rows } = list;
  if (changed.size > 0) rows = replaced(rows, changed);
  if (deleted.length > 0) {
    const gone = new Set(deleted);
    rows = rows.filter(row => !gone.has(resourceKey(row)));
  }
  if (added.length > 0) rows = merged(rows, added, compare);
  const isUnknown =
    added.length < upserted.size - changed.size ||
    deleted.length < changes.deleted.length;
  return {
    data: {
      ...list,
      rows,
      total:
        more === undefined
          ? rows.length
          : list.total + added.length - deleted.length,
      health: recounted(list.health, {
        out: [...changed.keys(), ...deleted].map(
          key => list.rows[known.get(key)!],
        ),
        in: [...changed.values(), ...added],
      }),
      cache: changes.cache ?? list.cache,
    },
    // What is not among all rows, and is not looked for, changes no total.
    isTotalUncertain: isUnknown && more !== undefined,
  };
}
