import type { SortKey } from '@backstage-k8s/plugin-k8s-node';
import { checkPlace, compareKeys, Cursor } from './cursor';

export type { SortKey };

/** One page. */
export interface Page<Row> {
  rows: Row[];
  /** Rows on all pages. */
  total: number;
  /** Absent: this is the last page. */
  continue?: string;
}

/** How to cut a page out. */
export interface PageOptions<Row> {
  keyOf: (row: Row) => SortKey;
  /** Sort downwards; the order of the keys' parts is the same. */
  isDescending?: boolean;
  limit: number;
  /** From the page before. */
  continue?: string;
  /** What makes the list this list and no other: cluster, filters, sort. */
  query: readonly unknown[];
}

/**
 * Sorts rows and cuts one page out.
 *
 * @throws InputError when the cursor is none, or one of another list; GoneError when it is of an older form
 */
export function page<Row>(
  rows: readonly Row[],
  options: PageOptions<Row>,
): Page<Row> {
  const { keyOf, limit, query } = options;
  const direction = options.isDescending ? -1 : 1;
  const cursor = new Cursor([query, options.isDescending === true]);
  const keyed = rows
    .map(row => ({ row, key: keyOf(row) }))
    .sort((one, other) => direction * compareKeys(one.key, other.key));
  let start = 0;
  if (options.continue !== undefined) {
    const after = cursor.read(options.continue);
    if (keyed.length > 0) checkPlace(after, keyed[0].key);
    const found = keyed.findIndex(
      ({ key }) => direction * compareKeys(key, after) > 0,
    );
    start = found < 0 ? keyed.length : found;
  }
  const end = Math.min(start + limit, keyed.length);
  const last = keyed[end - 1];
  return {
    rows: keyed.slice(start, end).map(({ row }) => row),
    total: keyed.length,
    ...(end < keyed.length && last && { continue: cursor.write(last.key) }),
  };
}
