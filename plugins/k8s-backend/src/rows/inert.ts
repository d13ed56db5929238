import { plainText } from '../views/plainText';

/** Characters of a cell. */
export const CELL_LENGTH = 512;
/** Texts of a cell that is a list. */
export const CELL_ITEMS = 64;

// Printable ASCII without blanks at its ends: what nearly all texts are, and nothing acts on.
const HARMLESS = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** A text of a cluster as a table may show it; null where nothing is left of it. */
export function inert(text: unknown, length = CELL_LENGTH): string | null {
  if (typeof text !== 'string') return null;
  if (text.length <= length && HARMLESS.test(text)) return text;
  return plainText(text, length) || null;
}
