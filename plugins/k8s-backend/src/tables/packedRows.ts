import { sortKeysOf } from '@backstage-k8s/plugin-k8s-node';
import type { PackedRows, SortKey } from '@backstage-k8s/plugin-k8s-node';

/** Where one row is in the bytes of its page, and what it is sorted by. */
export interface RowPlace {
  rows: PackedRows;
  index: number;
  key: SortKey;
}

const COMMA = ',';

const startOf = ({ ends }: PackedRows, index: number) =>
  index === 0 ? 0 : ends[index - 1] + COMMA.length;

/** The text of a JSON array of rows, in pieces; neighbours of one page are one piece. */
export function jsonArrayOf(
  places: readonly RowPlace[],
): (string | Uint8Array)[] {
  const parts: (string | Uint8Array)[] = ['['];
  for (let at = 0; at < places.length; ) {
    const { rows, index } = places[at];
    let count = 1;
    while (
      places[at + count]?.rows === rows &&
      places[at + count].index === index + count
    ) {
      count += 1;
    }
    if (at > 0) parts.push(COMMA);
    const end = rows.ends[index + count - 1];
    parts.push(rows.bytes.subarray(startOf(rows, index), end));
    at += count;
  }
  parts.push(']');
  return parts;
}

/** The same of all rows of a page. */
export function jsonArrayOfAll({ bytes }: PackedRows): (string | Uint8Array)[] {
  return ['[', bytes, ']'];
}

/** The places of all rows of a page. */
export function placesOf(rows: PackedRows): RowPlace[] {
  return sortKeysOf(rows).map((key, index) => ({ rows, index, key }));
}
