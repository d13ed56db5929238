/**
 * Where a page of a sorted list ended. A cursor holds the place of the last row by its sort key, not by its number, so that rows
 * that come and go meanwhile neither repeat nor skip others; and it holds a digest of the query, since a place in one list means
 * nothing in another.
 */
import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';
import type { SortKey } from '@backstage-k8s/plugin-k8s-node';
import { GoneError } from '../errors/statusErrors';

/** The form of the cursors that are given out; raised when it changes, so that older ones are gone, not misread. */
const CURSOR_VERSION = 1;
/** Characters of the digest; it guards against mistakes, not against forgery: a cursor gives no rights. */
const DIGEST_LENGTH = 8;

/** The cursors of one list. */
export class Cursor {
  readonly #digest: string;

  /** @param query - what makes the list this list and no other: cluster, filters, sort */
  constructor(query: readonly unknown[]) {
    this.#digest = createHash('sha256')
      .update(JSON.stringify(query))
      .digest('base64url')
      .slice(0, DIGEST_LENGTH);
  }

  /** The text of a place. */
  write(key: SortKey): string {
    const cursor = [CURSOR_VERSION, this.#digest, ...key];
    return Buffer.from(JSON.stringify(cursor)).toString('base64url');
  }

  /**
   * The place of a text.
   *
   * @throws InputError when it is none, or one of another list; GoneError when it is of an older form
   */
  read(text: string): SortKey {
    let cursor: unknown;
    try {
      cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    } catch {
      cursor = undefined;
    }
    if (!Array.isArray(cursor) || !Number.isInteger(cursor[0])) {
      throw notOfThisList();
    }
    const [version, digest, ...key] = cursor;
    if (version !== CURSOR_VERSION) {
      throw new GoneError('continue is no longer known: read the list again');
    }
    if (digest !== this.#digest) {
      throw new InputError(
        'continue belongs to another list: its cluster, filters and sort have to be the same',
      );
    }
    if (!key.every(part => ['string', 'number'].includes(typeof part))) {
      throw notOfThisList();
    }
    return key;
  }
}

/** @throws InputError when a place cannot be in a list with keys like the sample */
export function checkPlace(place: SortKey, sample: SortKey): void {
  const isOfList =
    place.length === sample.length &&
    sample.every((part, index) => typeof part === typeof place[index]);
  if (!isOfList) throw notOfThisList();
}

/** Orders keys part by part, as for `Array.sort`. */
export function compareKeys(one: SortKey, other: SortKey): number {
  for (let index = 0; index < one.length; index += 1) {
    if (one[index] < other[index]) return -1;
    if (one[index] > other[index]) return 1;
  }
  return 0;
}

function notOfThisList(): InputError {
  return new InputError('continue is not a token of this list');
}
