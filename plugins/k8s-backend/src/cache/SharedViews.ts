/**
 * One reading of each view for all who ask for it with the same rights: the rights are in the query, as filters of its parts. What
 * a reader costs is to be told; making the rows is paid for once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnavailableError } from '@backstage/errors';
import type {
  CacheState,
  ViewChange,
  ViewQuery,
  ViewResult,
} from '@backstage-k8s/plugin-k8s-node';
import { Bell } from '../live/Bell';
import type { ResourceCache } from './ResourceCache';
import type { ViewUpdate } from './views/readView';

// A page that is opened again, or polled, finds its view as it was left.
const LINGER_MS = 30_000;
// More than this that nobody reads any more are ended at once, the oldest first.
const MAX_LINGERING = 200;
// As lists wait.
const SYNC_WAIT_MS = 5_000;
// A view takes in what was written with the changes that it gathers. One that it does not show is waited for in vain.
const WRITE_WAIT_MS = 400;

/** The views that are read at the moment. */
export class SharedViews {
  readonly #cache: Pick<ResourceCache, 'watchView'>;
  readonly #lingerMs: number;
  readonly #views = new Map<string, SharedView>();
  /** Without readers, the one that was left first before the others. */
  readonly #left = new Set<SharedView>();

  constructor(options: {
    cache: Pick<ResourceCache, 'watchView'>;
    lingerMs?: number;
  }) {
    this.#cache = options.cache;
    this.#lingerMs = options.lingerMs ?? LINGER_MS;
  }

  /** See `ResourceReader.view`. */
  async read(
    query: ViewQuery,
    { signal }: { signal: AbortSignal },
  ): Promise<ViewResult> {
    const view = this.#view(query);
    const leave = view.enter();
    try {
      await view.settled(signal);
      return view.result();
    } finally {
      leave();
    }
  }

  /** See `ResourceReader.watchView`. */
  async *watch(
    query: ViewQuery,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<ViewChange> {
    if (signal.aborted) return;
    const view = this.#view(query);
    const leave = view.enter();
    const follower = new Follower();
    const stop = view.follow(follower);
    const wake = () => follower.wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      while (!signal.aborted) {
        yield* follower.take();
        if (signal.aborted) return;
        if (view.end) throw view.end;
        await follower.heard();
      }
    } finally {
      signal.removeEventListener('abort', wake);
      stop();
      leave();
    }
  }

  /** Something was written in a cluster: who reads next is to see it. */
  written(cluster: string) {
    for (const view of this.#views.values()) {
      if (view.cluster === cluster) view.written();
    }
  }

  get size(): number {
    return this.#views.size;
  }

  #view(query: ViewQuery): SharedView {
    const key = JSON.stringify(query);
    const known = this.#views.get(key);
    if (known) return known;
    const view = new SharedView({
      cluster: query.cluster,
      updates: signal => this.#cache.watchView(query, { signal }),
      lingerMs: this.#lingerMs,
      onEntered: () => this.#left.delete(view),
      onLeft: () => {
        this.#left.add(view);
        const [oldest] = this.#left;
        if (this.#left.size > MAX_LINGERING) oldest.close();
      },
      onEnd: () => {
        this.#left.delete(view);
        if (this.#views.get(key) === view) this.#views.delete(key);
      },
    });
    this.#views.set(key, view);
    return view;
  }
}

/** One view, as long as somebody reads it and a little longer. */
class SharedView {
  readonly cluster: string;
  /** Why nothing more comes. */
  end: Error | undefined;
  readonly #rows = new Map<string, string>();
  readonly #followers = new Set<Follower>();
  readonly #lingerMs: number;
  readonly #tell: Readonly<
    Record<'onEntered' | 'onLeft' | 'onEnd', () => void>
  >;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  #cache: CacheState = { state: 'syncing' };
  #isSynced = false;
  #readers = 0;
  #linger: NodeJS.Timeout | undefined;
  /** ms since 1970; until then it may lack what was written. */
  #behindUntil = 0;

  constructor(options: {
    cluster: string;
    updates: (signal: AbortSignal) => AsyncIterable<ViewUpdate>;
    lingerMs: number;
    /** It has a reader. */
    onEntered: () => void;
    /** It has none any more. */
    onLeft: () => void;
    onEnd: () => void;
  }) {
    this.cluster = options.cluster;
    this.#lingerMs = options.lingerMs;
    this.#tell = options;
    void this.#run(options.updates(this.#stop.signal));
  }

  /** Counts a reader; returns how to count it off. */
  enter(): () => void {
    this.#readers += 1;
    clearTimeout(this.#linger);
    this.#tell.onEntered();
    return () => {
      this.#readers -= 1;
      if (this.#readers > 0 || this.end) return;
      this.#linger = setTimeout(() => this.close(), this.#lingerMs).unref();
      this.#tell.onLeft();
    };
  }

  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    follower.reset();
    // What is not known yet is told as soon as something is.
    if (this.#isSynced || this.#cache.message !== undefined) {
      follower.add({ upserted: this.#rows, deleted: [], cache: this.#cache });
    }
    return () => this.#followers.delete(follower);
  }

  written() {
    this.#behindUntil = Date.now() + WRITE_WAIT_MS;
  }

  result(): ViewResult {
    return {
      rows: [...this.#rows].map(([key, json]) => ({ key, json })),
      cache: this.#cache,
    };
  }

  /** Waits until there is something to answer with. @throws what it ended with; ServiceUnavailableError when nothing is known */
  async settled(signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + SYNC_WAIT_MS;
    const isKnown = () => this.#isSynced || this.#cache.message !== undefined;
    while (!this.end && !isKnown() && Date.now() < deadline) {
      await this.#next(deadline - Date.now(), signal);
    }
    while (!this.end && Date.now() < this.#behindUntil) {
      await this.#next(this.#behindUntil - Date.now(), signal);
    }
    if (this.end) throw this.end;
    const { message, state } = this.#cache;
    if (!this.#isSynced && state === 'syncing' && message !== undefined) {
      throw new ServiceUnavailableError(message);
    }
  }

  /** Waits for something new, at most so long. @throws the signal's reason */
  async #next(timeMs: number, signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    let wake = () => {};
    const heard = new Promise<void>(resolve => {
      wake = resolve;
    });
    this.#waiting.add(wake);
    try {
      await Promise.race([
        heard,
        sleep(timeMs, undefined, {
          signal: AbortSignal.any([signal, done.signal]),
          ref: false,
        }),
      ]);
    } finally {
      this.#waiting.delete(wake);
      done.abort();
    }
  }

  async #run(updates: AsyncIterable<ViewUpdate>) {
    try {
      for await (const update of updates) this.#take(update);
      this.#fail(new ServiceUnavailableError('It is not read any more'));
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #take({ isSynced, upserted, deleted, cache }: ViewUpdate) {
    this.#isSynced ||= isSynced;
    this.#cache = cache;
    this.#behindUntil = 0;
    for (const key of deleted) this.#rows.delete(key);
    for (const { key, json } of upserted) this.#rows.set(key, json);
    const rows = new Map(upserted.map(({ key, json }) => [key, json]));
    for (const follower of this.#followers) {
      follower.add({ upserted: rows, deleted, cache });
    }
    for (const wake of this.#waiting) wake();
  }

  #fail(error: Error) {
    this.end ??= error;
    clearTimeout(this.#linger);
    this.#tell.onEnd();
    for (const follower of this.#followers) follower.wake();
    for (const wake of this.#waiting) wake();
  }

  /** Nobody reads it any more. */
  close() {
    clearTimeout(this.#linger);
    this.#tell.onEnd();
    this.#stop.abort();
  }
}

/** What one reader of a view is still to be told: of several changes of a row the last one. */
class Follower {
  readonly #bell = new Bell();
  readonly #rows = new Map<string, string | undefined>();
  #isReset = false;
  #cache: CacheState | undefined;

  reset() {
    this.#isReset = true;
    this.#rows.clear();
    this.#bell.ring();
  }

  add(options: {
    upserted: ReadonlyMap<string, string>;
    deleted: readonly string[];
    cache: CacheState;
  }) {
    for (const key of options.deleted) this.#rows.set(key, undefined);
    for (const [key, json] of options.upserted) this.#rows.set(key, json);
    this.#cache = options.cache;
    this.#bell.ring();
  }

  wake() {
    this.#bell.ring();
  }

  heard(): Promise<void> {
    return this.#bell.heard();
  }

  *take(): Iterable<ViewChange> {
    if (this.#isReset) {
      this.#isReset = false;
      yield { type: 'RESET' };
    }
    const cache = this.#cache;
    if (!cache) return;
    const rows = [...this.#rows];
    this.#rows.clear();
    this.#cache = undefined;
    yield {
      type: 'CHANGES',
      upserted: rows.flatMap(([key, json]) =>
        json === undefined ? [] : [{ key, json }],
      ),
      deleted: rows.flatMap(([key, json]) => (json === undefined ? [key] : [])),
      cache,
    };
  }
}
