import type { ChangeFeed } from './ChangeFeed';
import type { Row } from './Row';
import type { RowListener } from './RowListener';

/** How changes are followed. */
export interface FollowOptions {
  signal: AbortSignal;
  /** When somebody begins to follow: why nobody can; undefined: nothing is in the way. */
  problem: () => Error | undefined;
}

/** Who is told of what happens to the objects of one kind in one cluster. */
export class KindFollowers {
  readonly #feeds = new Set<ChangeFeed>();
  readonly #views = new Set<RowListener>();
  readonly #rowFeeds = new Set<RowListener>();
  readonly #onLeft: () => void;

  /** @param options - `onLeft`: told when somebody is told no more */
  constructor(options: { onLeft: () => void }) {
    this.#onLeft = options.onLeft;
  }

  get size(): number {
    return this.#objectReaders + this.#rowFeeds.size;
  }

  /** Whether somebody reads whole objects of what is told. */
  get readObjects(): boolean {
    return this.#objectReaders > 0;
  }

  get #objectReaders(): number {
    return this.#feeds.size + this.#views.size;
  }

  /** Has a listener that reads whole objects told until the answer is called. */
  listen(listener: RowListener): () => void {
    return this.#entered(this.#views, listener);
  }

  /** The changes of a feed of objects, until the signal is aborted. */
  changes(
    feed: ChangeFeed,
    options: FollowOptions,
  ): ReturnType<ChangeFeed['changes']> {
    const enter = () => this.#entered(this.#feeds, feed);
    return follow(feed, { ...options, enter });
  }

  /** The changes of a feed of rows, until the signal is aborted. */
  rowChanges<Change>(
    feed: RowListener & { changes(): AsyncIterable<Change> },
    options: FollowOptions,
  ): AsyncGenerator<Change> {
    const enter = () => this.#entered(this.#rowFeeds, feed);
    return follow(feed, { ...options, enter });
  }

  /** A row is new or differs. */
  changed(row: Row, before: Row | undefined) {
    for (const feed of this.#feeds) feed.changed(row);
    for (const view of this.#views) view.changed(row, before);
    for (const feed of this.#rowFeeds) feed.changed(row, before);
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
    yield* this.#views;
    yield* this.#rowFeeds;
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
  feed: { changes(): AsyncIterable<Change>; close(error?: Error): void },
  options: FollowOptions & { enter: () => () => void },
): AsyncGenerator<Change> {
  const { signal } = options;
  if (signal.aborted) return;
  const end = () => feed.close();
  signal.addEventListener('abort', end, { once: true });
  const leave = options.enter();
  const problem = options.problem();
  if (problem) feed.close(problem);
  try {
    yield* feed.changes();
  } finally {
    leave();
    signal.removeEventListener('abort', end);
  }
}
