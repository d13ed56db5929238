/**
 * Pages of a sorted list. The cursor holds the place of the last row by its sort key, not by its number, so that rows that
 * come and go meanwhile neither repeat nor skip others; and it holds a digest of the query, since a place in one list means
 * nothing in another.
 */
import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';
import { GoneError } from '../errors/statusErrors';

/** The form of the cursors that are given out; raised when it changes, so that older ones are gone, not misread. */
const CURSOR_VERSION = 1;
/** Characters of the digest; it guards against mistakes, not against forgery: a cursor gives no rights. */
const DIGEST_LENGTH = 8;

/** A value that rows are sorted by; the last one of a row has to be unique. */
export type SortKey = readonly (string | number)[];

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

function compare(one: SortKey, other: SortKey): number {
  for (let index = 0; index < one.length; index += 1) {
    if (one[index] < other[index]) return -1;
    if (one[index] > other[index]) return 1;
  }
  return 0;
}

const digestOf = (query: readonly unknown[]) =>
  createHash('sha256')
    .update(JSON.stringify(query))
    .digest('base64url')
    .slice(0, DIGEST_LENGTH);

function readCursor(text: string, digest: string, sample?: SortKey): SortKey {
  let cursor: unknown;
  try {
    cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    cursor = undefined;
  }
  if (!Array.isArray(cursor) || !Number.isInteger(cursor[0])) {
    throw new InputError('continue is not a token of this list');
  }
  const [version, itsDigest, ...key] = cursor;
  if (version !== CURSOR_VERSION) {
    throw new GoneError('continue is no longer known: read the list again');
  }
  if (itsDigest !== digest) {
    throw new InputError(
      'continue belongs to another list: its cluster, filters and sort have to be the same',
    );
  }
  const isOfRow =
    key.every(part => ['string', 'number'].includes(typeof part)) &&
    (sample === undefined ||
      (sample.length === key.length &&
        sample.every((part, index) => typeof part === typeof key[index])));
  if (!isOfRow) throw new InputError('continue is not a token of this list');
  return key;
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
  const digest = digestOf([query, options.isDescending === true]);
  const keyed = rows
    .map(row => ({ row, key: keyOf(row) }))
    .sort((one, other) => direction * compare(one.key, other.key));
  let start = 0;
  if (options.continue !== undefined) {
    const after = readCursor(options.continue, digest, keyed.at(0)?.key);
    const found = keyed.findIndex(
      ({ key }) => direction * compare(key, after) > 0,
    );
    start = found < 0 ? keyed.length : found;
  }
  const end = Math.min(start + limit, keyed.length);
  const last = keyed[end - 1];
  const next =
    end < keyed.length && last
      ? Buffer.from(
          JSON.stringify([CURSOR_VERSION, digest, ...last.key]),
        ).toString('base64url')
      : undefined;
  return {
    rows: keyed.slice(start, end).map(({ row }) => row),
    total: keyed.length,
    ...(next && { continue: next }),
  };
}
