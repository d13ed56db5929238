import type { ChangeFeed } from './ChangeFeed';
import type { Row } from './Row';
import type { RowListener } from './RowListener';

/** Who is told of what happens to the objects of one kind in one cluster. */
export class KindFollowers {
  readonly #feeds = new Set<ChangeFeed>();
  readonly #listeners = new Set<RowListener>();
  readonly #onLeft: () => void;

  /** @param options - `onLeft`: told when somebody is told no more */
  constructor(options: { onLeft: () => void }) {
    this.#onLeft = options.onLeft;
  }

  get size(): number {
    return this.#feeds.size + this.#listeners.size;
  }

  /** Has a listener told until the answer is called. */
  listen(listener: RowListener): () => void {
    return this.#entered(this.#listeners, listener);
  }

  /** The changes of a feed of objects, until the signal is aborted. */
  changes(
    feed: ChangeFeed,
    options: { signal: AbortSignal },
  ): ReturnType<ChangeFeed['changes']> {
    const enter = () => this.#entered(this.#feeds, feed);
    return follow(feed, { ...options, enter });
  }

  /** The changes of a feed of rows, until the signal is aborted. */
  rowChanges<Change>(
    feed: RowListener & { changes(): AsyncIterable<Change> },
    options: { signal: AbortSignal },
  ): AsyncGenerator<Change> {
    return follow(feed, { ...options, enter: () => this.listen(feed) });
  }

  /** A row is new or differs. */
  changed(row: Row, before: Row | undefined) {
    for (const feed of this.#feeds) feed.changed(row);
    for (const listener of this.#listeners) listener.changed(row, before);
  }

  /** A row is gone. */
  deleted(row: Row) {
    for (const one of this.#all()) one.deleted(row);
  }

  /** Everything may differ. */
  reset() {
    for (const one of this.#all()) one.reset();
  }

  /** How fresh the rows are may have changed. */
  refresh() {
    for (const one of this.#all()) one.refresh();
  }

  /** Nothing more is told, because of the error. */
  close(error: Error) {
    for (const one of this.#all()) one.close(error);
  }

  *#all(): Iterable<ChangeFeed | RowListener> {
    yield* this.#feeds;
    yield* this.#listeners;
  }

  #entered<One>(those: Set<One>, one: One): () => void {
    those.add(one);
    return () => {
      those.delete(one);
      this.#onLeft();
    };
  }
}

async function* follow<Change>(
  feed: { changes(): AsyncIterable<Change>; close(): void },
  options: { signal: AbortSignal; enter: () => () => void },
): AsyncGenerator<Change> {
  const { signal } = options;
  if (signal.aborted) return;
  const end = () => feed.close();
  signal.addEventListener('abort', end, { once: true });
  const leave = options.enter();
  try {
    yield* feed.changes();
  } finally {
    leave();
    signal.removeEventListener('abort', end);
  }
}
