import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceUnavailableError } from '@backstage/errors';
import type { CacheState, ViewResult } from '@backstage-k8s/plugin-k8s-node';
import type { ViewFollower } from './ViewFollower';
import { GATHER_MS } from './views/readView';
import type { ViewUpdate } from './views/readView';

// As lists wait.
const SYNC_WAIT_MS = 5_000;
// A view takes in what was written with the changes that it gathers. One that it does not show is waited for in vain.
const WRITE_WAIT_MS = 400;

/** Of what is not synchronised, or is not any more, nothing is told. */
const NOTHING: ReadonlyMap<string, string> = new Map();

/** One view, as long as somebody reads it and a little longer. */
export class SharedView {
  readonly cluster: string;
  /** Why nothing more comes. */
  end: Error | undefined;
  readonly #rows = new Map<string, string>();
  readonly #followers = new Set<ViewFollower>();
  readonly #lingerMs: number;
  readonly #tell: Readonly<
    Record<'onEntered' | 'onLeft' | 'onEnd', () => void>
  >;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  #cache: CacheState = { state: 'syncing' };
  #isSynced = false;
  /** It was synchronised, and is not any more. */
  #wasLost = false;
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

  follow(follower: ViewFollower): () => void {
    this.#followers.add(follower);
    follower.reset();
    // What is not known yet is told as soon as something is.
    if (this.#isSynced || this.#cache.message !== undefined) {
      const upserted = this.#isSynced ? this.#rows : NOTHING;
      follower.add({ upserted, deleted: [], cache: this.#cache });
    }
    return () => this.#followers.delete(follower);
  }

  written() {
    this.#behindUntil = Date.now() + WRITE_WAIT_MS;
  }

  result(): ViewResult {
    const rows = this.#isSynced ? this.#rows : NOTHING;
    return {
      rows: [...rows].map(([key, json]) => ({ key, json })),
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
    const isBack = isSynced && this.#wasLost;
    this.#wasLost = !isSynced && (this.#wasLost || this.#isSynced);
    if (isBack) this.#rows.clear();
    this.#isSynced = isSynced;
    this.#cache = cache;
    // One that comes earlier was gathered before the write.
    if (Date.now() >= this.#behindUntil - WRITE_WAIT_MS + GATHER_MS) {
      this.#behindUntil = 0;
    }
    for (const key of deleted) this.#rows.delete(key);
    for (const { key, json } of upserted) this.#rows.set(key, json);
    const rows = new Map(upserted.map(({ key, json }) => [key, json]));
    for (const follower of this.#followers) {
      // What it knew was of before, maybe of another cluster.
      if (isBack) follower.reset();
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
