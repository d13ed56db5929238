import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';

/** Milliseconds; longer timers fire at once in Node. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Why something ends although nobody ended it. */
export type LifetimeEnd = 'tokenExpired' | 'shutdown';

/** How long something may go on at most. */
export interface Lifetime {
  /** Aborted when its time is over. */
  readonly signal: AbortSignal;
  /** Why it is over; undefined as long as it is not. */
  readonly end: LifetimeEnd | undefined;
  /** Has to be called when it ended otherwise. */
  release(): void;
}

/** As long as the caller's token, and no longer than the process. */
export function lifetimeOf(
  context: Pick<RequestContext, 'credentials'>,
  shutdown: AbortSignal,
): Lifetime {
  const over = new AbortController();
  let end: LifetimeEnd | undefined;
  const close = (reason: LifetimeEnd) => {
    end ??= reason;
    over.abort();
  };
  const onShutdown = () => close('shutdown');
  shutdown.addEventListener('abort', onShutdown, { once: true });
  if (shutdown.aborted) onShutdown();
  const { expiresAt } = context.credentials;
  const left = expiresAt && expiresAt.getTime() - Date.now();
  const timer =
    left === undefined
      ? undefined
      : setTimeout(
          () => close('tokenExpired'),
          Math.max(0, Math.min(left, LONGEST_TIMER_MS)),
        );
  return {
    signal: over.signal,
    get end() {
      return end;
    },
    release: () => {
      clearTimeout(timer);
      shutdown.removeEventListener('abort', onShutdown);
    },
  };
}
