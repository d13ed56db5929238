import type { PackedRows, SortKey } from '@backstage-k8s/plugin-k8s-node';

const COMMA = ',';

/** Rows as bytes that can be handed over to another thread. */
export function packRows(
  rows: readonly { row: object; key: SortKey }[],
): PackedRows {
  const texts = rows.map(({ row }) => JSON.stringify(row));
  // A buffer of its own: it is handed over.
  const bytes = new TextEncoder().encode(texts.join(COMMA));
  const ends = new Uint32Array(texts.length);
  let end = -COMMA.length;
  texts.forEach((text, index) => {
    end += COMMA.length + Buffer.byteLength(text);
    ends[index] = end;
  });
  return { bytes, ends, keys: JSON.stringify(rows.map(({ key }) => key)) };
}
