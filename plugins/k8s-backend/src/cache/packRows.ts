import type { PackedRows } from '@backstage-k8s/plugin-k8s-node';

/** Rows as bytes that can be handed over to another thread. */
export function packRows(rows: readonly object[]): Omit<PackedRows, 'keys'> {
  const texts = rows.map(row => JSON.stringify(row));
  // A buffer of its own: it is handed over.
  const bytes = new TextEncoder().encode(texts.join(''));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  texts.forEach((text, index) => {
    end += Buffer.byteLength(text);
    ends[index] = end;
  });
  return { bytes, ends };
}
