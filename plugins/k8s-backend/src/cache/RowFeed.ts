/**
 * What one reader of rows is still to be told. Unlike readers of objects it is not told all that there is at first: it reads
 * pages, and is told what has changed since. It needs no memory of what it knows, so that thousands of readers of large lists
 * cost nothing while nothing changes.
 */
import type { CacheState, RowChange } from '@backstage-k8s/plugin-k8s-node';
import { appearance } from './ChangeFeed';
import type { Row } from './Row';
import type { RowListener } from './RowListener';
import { keyOf } from './RowStore';
import { toResourceRow } from './selectRows';

// Rows with changes that the reader has not taken. With more than this it had better read its page again.
const MAX_WAITING = 2_000;

/** The changed rows of one query, for one reader. */
export class RowFeed implements RowListener {
  readonly #cluster: string;
  readonly #state: () => CacheState;
  readonly #matches: (row: Row) => boolean;
  /** By key and uid, in the order of the changes; the fate is that of the row in its list. */
  readonly #waiting = new Map<
    string,
    { type: 'UPSERTED' | 'DELETED'; row: Row }
  >();
  #needsReset = true;
  #told: string | undefined;
  #end: { error?: Error } | undefined;
  #wake: (() => void) | undefined;

  constructor(options: {
    /** Cluster id. */
    cluster: string;
    state: () => CacheState;
    /** Whether a row belongs to the query and may be seen. */
    matches: (row: Row) => boolean;
  }) {
    this.#cluster = options.cluster;
    this.#state = options.state;
    this.#matches = options.matches;
  }

  /** A row is new or differs. */
  changed(row: Row, before: Row | undefined) {
    if (this.#matches(row)) this.#put('UPSERTED', row);
    else if (before && this.#matches(before)) this.#put('DELETED', before);
  }

  /** A row is gone. */
  deleted(row: Row) {
    if (this.#matches(row)) this.#put('DELETED', row);
  }

  /** Everything may differ. */
  reset() {
    this.#needsReset = true;
    this.#waiting.clear();
    this.#wake?.();
  }

  /** How fresh the rows are may have changed. */
  refresh() {
    this.#wake?.();
  }

  /** No more changes come; with an error the reader gets it thrown. */
  close(error?: Error) {
    this.#end ??= { error };
    this.#wake?.();
  }

  /** The changes until the feed is closed; to be read once. */
  async *changes(): AsyncGenerator<RowChange> {
    while (!this.#end) {
      const change = this.#next();
      if (change) {
        yield change;
        continue;
      }
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    if (this.#end.error) throw this.#end.error;
  }

  #next(): RowChange | undefined {
    const cache = this.#state();
    if (this.#needsReset) {
      this.#needsReset = false;
      this.#told = appearance(cache);
      return { type: 'RESET', cache };
    }
    const [next] = this.#waiting;
    if (next) {
      const [key, { type, row }] = next;
      this.#waiting.delete(key);
      return { type, row: toResourceRow(row, this.#cluster) };
    }
    if (appearance(cache) === this.#told) return undefined;
    this.#told = appearance(cache);
    return { type: cache.state === 'live' ? 'LIVE' : 'STALE', cache };
  }

  #put(type: 'UPSERTED' | 'DELETED', row: Row) {
    if (this.#needsReset) return;
    // Another object of the same name is another one: its reader may have a page with either.
    const key = `${keyOf(row)} ${row.metadata.uid}`;
    this.#waiting.set(key, { type, row });
    if (this.#waiting.size > MAX_WAITING) this.reset();
    else this.#wake?.();
  }
}
