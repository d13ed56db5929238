/**
 * What things take in memory, about, without asking V8: strings by their length, everything else by what an object with so many
 * fields takes on 64 bits. It is within a few tenths of what a heap snapshot says, which a ceiling can do with.
 */
import type { Row } from '../Row';

/** Bytes of a field, an element, or a number that is none of the small ones. */
const WORD = 8;
/** Bytes of an object or array besides its fields. */
const HEADER = 24;
/** Bytes of a string besides its characters, with what rounding up costs. */
const STRING = 20;
/** Bytes of an entry of a map or set, which is never full. */
const ENTRY = 48;
/** A row's own objects: row, metadata, content, health, cells, place of the body, parents; with its entries in the indexes. */
const ROW = 7 * HEADER + 32 * WORD + 3 * ENTRY;

const textBytes = (text: string | undefined) =>
  text === undefined ? 0 : STRING + text.length;

function cellBytes(cell: Row['content']['cells'][number]): number {
  if (typeof cell === 'string') return WORD + textBytes(cell);
  if (!Array.isArray(cell)) return WORD;
  return cell.reduce<number>(
    (sum, one) => sum + WORD + (typeof one === 'string' ? textBytes(one) : 0),
    WORD + HEADER,
  );
}

/**
 * Bytes that a row takes, about, without its body. The same for a row whenever it is asked. Labels and owners are left out: nearly
 * always a row of the same owner has the same.
 */
export function rowBytes({ metadata, content, parents }: Row): number {
  let bytes =
    ROW +
    // Its key, too.
    2 * textBytes(metadata.name) +
    textBytes(metadata.uid) +
    textBytes(metadata.resourceVersion) +
    textBytes(metadata.creationTimestamp) +
    textBytes(content.search) +
    textBytes(content.health.reason) +
    parents.length * ENTRY;
  for (const cell of content.cells) bytes += cellBytes(cell);
  return bytes;
}

/** Bytes that what was parsed from JSON takes, about. */
export function parsedBytes(value: unknown): number {
  if (typeof value === 'string') return WORD + textBytes(value);
  if (typeof value !== 'object' || value === null) return WORD;
  let bytes = WORD + HEADER;
  if (Array.isArray(value)) {
    for (const one of value) bytes += parsedBytes(one);
  } else {
    for (const one of Object.values(value)) bytes += parsedBytes(one);
  }
  return bytes;
}
