import type { StreamChanges } from './useLiveQuery';

/** What changed rows make of a list. */
export interface AppliedRows<R> {
  rows: R[];
  /** Rows that were not in the list. */
  added: number;
  /** Rows of the list that changes with all rows do not name. */
  missing: number;
}

/**
 * Puts changed rows into a list: known ones stay where they are, new ones come in by `compare`.
 *
 * @param options - `first`: the changes hold all rows (of `within`, where they speak of some only)
 */
export function applyRows<R>(
  rows: R[],
  changes: StreamChanges,
  options: {
    keyOf: (row: R) => string;
    compare: (left: R, right: R) => number;
    first: boolean;
    within?: (row: R) => boolean;
  },
): AppliedRows<R> {
  const { keyOf, compare, first, within = () => true } = options;
  const upserted = new Map(
    (changes.upserted as R[]).map(row => [keyOf(row), row]),
  );
  const deleted = new Set(changes.deleted);
  const missing = first
    ? rows.filter(row => within(row) && !upserted.has(keyOf(row))).length
    : 0;
  const kept = rows
    .filter(row => !deleted.has(keyOf(row)))
    .map(row => {
      const key = keyOf(row);
      const changed = upserted.get(key);
      upserted.delete(key);
      return changed ?? row;
    });
  const added = [...upserted.values()];
  return {
    rows: added.length > 0 ? [...kept, ...added].sort(compare) : kept,
    added: added.length,
    missing,
  };
}
