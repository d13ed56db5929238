import type {
  AccessFilter,
  RequestContext,
} from '@backstage-k8s/plugin-k8s-node';

// With decisions remembered for at most 5 s, a right that is lost ends a stream within 10 s.
const RECHECK_MS = 4_000;

/** What is watched, and for whom. */
export interface AllowedWatch<Change, Filter = AccessFilter> {
  context: RequestContext;
  /** What the caller may see now, as data. @throws when the caller may see nothing of it any more */
  filter: () => Promise<Filter>;
  /** The changes that the filter lets through, until the signal is aborted. */
  watch: (filter: Filter, signal: AbortSignal) => AsyncIterable<Change>;
  /** Default 4,000. */
  recheckMs?: number;
}

/**
 * Watches as long as the caller may. When what may be seen changes, it begins again with a `RESET`; when nothing may be seen any
 * more, it ends with the error that says so.
 */
export async function* watchWhileAllowed<Change, Filter = AccessFilter>(
  options: AllowedWatch<Change, Filter>,
): AsyncGenerator<Change> {
  const { context, recheckMs = RECHECK_MS } = options;
  while (!context.signal.aborted) {
    const filter = await options.filter();
    const round = new AbortController();
    const signal = AbortSignal.any([context.signal, round.signal]);
    let failure: { error: unknown } | undefined;
    let isAsking = false;
    const check = async () => {
      if (isAsking) return;
      isAsking = true;
      try {
        if (!isSame(filter, await options.filter())) round.abort();
      } catch (error) {
        if (signal.aborted) return;
        failure = { error };
        round.abort();
      } finally {
        isAsking = false;
      }
    };
    // There are thousands of them: a timer is all that one costs while nothing changes.
    const timer = setInterval(check, recheckMs).unref();
    try {
      for await (const change of options.watch(filter, signal)) {
        // The reader may have taken long for the change before.
        if (signal.aborted) break;
        yield change;
      }
      if (!signal.aborted) return;
    } finally {
      clearInterval(timer);
      round.abort();
    }
    if (failure) throw failure.error;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
