import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CacheState,
  RequestContext,
  ResourceChange,
  ResourceQuery,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import { leastFresh } from '../views/cacheStates';
import { isNotToBeSeen } from '../workloads/listOptional';
import { Bell } from './Bell';

/** One of several watches. */
export interface WatchSource {
  query: ResourceQuery;
  /** When it may not be seen, the cluster lacks the kind or it cannot be read, the others go on without it. */
  isOptional?: boolean;
  /** Told of everything at once, in order. */
  onChange(change: ResourceChange): void;
}

/** How the watches are doing as a whole. */
export interface WatchState {
  /** All of them that can be read have told everything that there is. */
  isSynced: boolean;
  cache: CacheState;
}

/** How long changes are gathered: short enough for people, long enough for the burst that one change sets off. */
export const COALESCE_MS = 150;

/** State of one source; it is not synced between RESET and SYNCED. */
class SourceState {
  isSynced = false;
  cache: CacheState = { state: 'syncing' };

  constructor(private readonly isOptional: boolean) {}

  /** Whether the others need not wait for it: what cannot be read at all can be done without. */
  get isSettled(): boolean {
    return this.isSynced || this.isMissing;
  }

  get isMissing(): boolean {
    const { state, message } = this.cache;
    return this.isOptional && state === 'syncing' && message !== undefined;
  }

  take(change: ResourceChange): void {
    if (!('cache' in change)) return;
    this.cache = change.cache;
    if (change.type === 'RESET') this.isSynced = false;
    if (change.type === 'SYNCED') this.isSynced = true;
  }
}

/**
 * Watches several kinds at once, and yields after changes have been gathered for a moment. A consumer that is slow misses no
 * change, since `onChange` is told at once; it only sees fewer, larger steps. Ends when `context.signal` is aborted.
 *
 * @throws what a source that is not optional fails with
 */
export async function* watchTogether(
  reader: ResourceReader,
  options: {
    sources: readonly WatchSource[];
    context: RequestContext;
    coalesceMs?: number;
  },
): AsyncIterable<WatchState> {
  const { sources, context, coalesceMs = COALESCE_MS } = options;
  const own = new AbortController();
  const signal = AbortSignal.any([context.signal, own.signal]);
  const states = sources.map(
    ({ isOptional = false }) => new SourceState(isOptional),
  );
  let running = sources.length;
  let hasChanged = false;
  let failure: { error: unknown } | undefined;
  const bell = new Bell();
  const touch = () => {
    hasChanged = true;
    bell.ring();
  };

  const run = async (source: WatchSource, state: SourceState) => {
    try {
      const changes = reader.watch(source.query, {
        context: { ...context, signal },
      });
      for await (const change of changes) {
        state.take(change);
        source.onChange(change);
        touch();
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!source.isOptional || !isNotToBeSeen(error)) {
        failure ??= { error };
        return;
      }
      state.take({ type: 'SYNCED', cache: { state: 'live' } });
    } finally {
      running -= 1;
      touch();
    }
  };

  signal.addEventListener('abort', touch, { once: true });
  const runs = sources.map((source, index) => run(source, states[index]));
  try {
    while (!signal.aborted) {
      if (!hasChanged) await bell.heard();
      await sleep(coalesceMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      if (failure) throw failure.error;
      hasChanged = false;
      yield {
        isSynced: states.every(({ isSettled }) => isSettled),
        cache: leastFresh(
          states.flatMap(({ isMissing, cache }) => (isMissing ? [] : [cache])),
        ),
      };
      if (running === 0 && !hasChanged) return;
    }
  } finally {
    signal.removeEventListener('abort', touch);
    own.abort();
    await Promise.allSettled(runs);
  }
}
