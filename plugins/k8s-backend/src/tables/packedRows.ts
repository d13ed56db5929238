import type { PackedRows } from '@backstage-k8s/plugin-k8s-node';

/** Where one row is in the bytes of its page. */
export interface RowPlace {
  rows: PackedRows;
  index: number;
}

const COMMA = ',';

/** The text of a JSON array of rows, in pieces. */
export function jsonArrayOf(
  places: readonly RowPlace[],
): (string | Uint8Array)[] {
  const parts: (string | Uint8Array)[] = ['['];
  places.forEach(({ rows, index }, at) => {
    if (at > 0) parts.push(COMMA);
    const start = index === 0 ? 0 : rows.ends[index - 1];
    parts.push(rows.bytes.subarray(start, rows.ends[index]));
  });
  parts.push(']');
  return parts;
}

/** The places of all rows of a page. */
export function placesOf(rows: PackedRows): RowPlace[] {
  return rows.keys.map((_, index) => ({ rows, index }));
}
