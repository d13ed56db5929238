/**
 * What one reader of changes is still to be told. A reader that is slow costs at most one entry per object: changes of one
 * object are merged, and when too many objects wait, the reader is told to forget everything and gets the list anew.
 */
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  ResourceChange,
} from '@backstage-k8s/plugin-k8s-node';
import type { Row } from './Row';
import { keyOf } from './RowStore';

// Objects with changes that the reader has not taken. More than this is cheaper told as a list.
const MAX_WAITING = 10_000;

/** Where a feed takes its objects from. */
export interface ChangeSource {
  state(): CacheState;
  /** Undefined: not synchronised yet. */
  snapshot(): Iterable<Row> | undefined;
  objectOf(row: Row): KubernetesObject;
}

/** The changes of one query, for one reader. */
export class ChangeFeed {
  readonly #source: ChangeSource;
  readonly #matches: (row: Row) => boolean;
  readonly #maxWaiting: number;
  /** What the reader was told of. */
  readonly #known = new Map<string, Row>();
  /** By key; undefined: deleted. */
  readonly #waiting = new Map<string, Row | undefined>();
  #needsReset = true;
  #told: string | undefined;
  #end: { error?: Error } | undefined;
  #wake: (() => void) | undefined;

  constructor(options: {
    source: ChangeSource;
    /** Whether an object belongs to the query and may be seen. */
    matches: (row: Row) => boolean;
    maxWaiting?: number;
  }) {
    this.#source = options.source;
    this.#matches = options.matches;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
  }

  /** An object is new or differs. */
  changed(row: Row) {
    const key = keyOf(row);
    if (this.#matches(row)) this.#put(key, row);
    else if (this.#mayKnow(key)) this.#put(key, undefined);
  }

  /** An object is gone. */
  deleted(row: Row) {
    const key = keyOf(row);
    if (this.#mayKnow(key)) this.#put(key, undefined);
  }

  /** Everything may differ. */
  reset() {
    this.#needsReset = true;
    this.#waiting.clear();
    this.#wake?.();
  }

  /** How fresh the objects are may have changed. */
  refresh() {
    this.#wake?.();
  }

  /** No more changes come; with an error the reader gets it thrown. */
  close(error?: Error) {
    this.#end ??= { error };
    this.#wake?.();
  }

  /** The changes until the feed is closed; to be read once. */
  async *changes(): AsyncGenerator<ResourceChange> {
    while (!this.#end) {
      if (this.#needsReset) {
        yield* this.#all();
        continue;
      }
      const [next] = this.#waiting;
      if (next) {
        this.#waiting.delete(next[0]);
        yield* this.#tell(...next);
        continue;
      }
      const cache = this.#source.state();
      if (appearance(cache) !== this.#told) {
        this.#told = appearance(cache);
        yield { type: cache.state === 'live' ? 'LIVE' : 'STALE', cache };
        continue;
      }
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    if (this.#end.error) throw this.#end.error;
  }

  *#all(): Generator<ResourceChange> {
    this.#needsReset = false;
    this.#known.clear();
    this.#waiting.clear();
    yield this.#stateChange('RESET');
    // Taken after the reader came back: what changes from here on waits behind it.
    const snapshot = this.#source.snapshot();
    if (!snapshot || this.#needsReset) return;
    for (const row of [...snapshot].filter(this.#matches)) {
      this.#known.set(keyOf(row), row);
      yield { type: 'ADDED', object: this.#source.objectOf(row) };
      if (this.#needsReset || this.#end) return;
    }
    yield this.#stateChange('SYNCED');
  }

  #stateChange(type: 'RESET' | 'SYNCED'): ResourceChange {
    const cache = this.#source.state();
    this.#told = appearance(cache);
    return { type, cache };
  }

  *#tell(key: string, row: Row | undefined): Generator<ResourceChange> {
    const known = this.#known.get(key);
    if (row === known) return;
    const isAnother = known?.metadata.uid !== row?.metadata.uid;
    if (known && isAnother) {
      this.#known.delete(key);
      yield { type: 'DELETED', object: this.#source.objectOf(known) };
    }
    if (!row) return;
    this.#known.set(key, row);
    const type = known && !isAnother ? 'MODIFIED' : 'ADDED';
    yield { type, object: this.#source.objectOf(row) };
  }

  #mayKnow(key: string): boolean {
    return this.#known.has(key) || this.#waiting.has(key);
  }

  #put(key: string, row: Row | undefined) {
    if (this.#needsReset) return;
    this.#waiting.set(key, row);
    if (this.#waiting.size > this.#maxWaiting) this.reset();
    else this.#wake?.();
  }
}

/** What of a state readers of changes are told again when it differs: not the exact age. */
export function appearance({ state, message }: CacheState): string {
  return state === 'syncing' && message !== undefined ? 'failing' : state;
}
