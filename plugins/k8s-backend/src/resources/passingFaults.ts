import { setTimeout as sleep } from 'node:timers/promises';
import { hintsOf } from '../errors/answerHints';
import { clusterFailureOf } from '../errors/clusterErrors';
import type { FailureCause } from '../errors/clusterErrors';

// Together below what somebody who looks at a page notices; the health monitor and the cache deal with longer faults.
const PAUSES_MS = [150, 500];
const LONGEST_TRY_MS = 3_000;

const NO_ANSWER: readonly FailureCause[] = ['refused', 'timeout', 'network'];
const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/**
 * Whether the cluster may answer if asked again: the network failed, or the API server is overloaded or starting. Not while its
 * circuit is open: somebody has asked again already.
 */
export function isPassingFault(error: unknown): boolean {
  const failure = clusterFailureOf(error);
  if (!failure) return false;
  const { cause, status = 0 } = failure;
  const isBusy = status === TOO_MANY_REQUESTS || status >= SERVER_ERROR;
  return NO_ANSWER.includes(cause) || (cause === 'answer' && isBusy);
}

/**
 * Does a read again when a passing fault stopped it, twice at most, and only while it failed fast: a caller does not wait
 * for several time-outs. Never for writes that cannot tell whether they took effect.
 */
export async function retryPassingFaults<T>(
  read: () => Promise<T>,
  options: { signal: AbortSignal },
): Promise<T> {
  const begin = performance.now();
  for (const pauseMs of PAUSES_MS) {
    try {
      return await read();
    } catch (error) {
      if (!isPassingFault(error) || options.signal.aborted) throw error;
      const asked = (hintsOf(error as Error).retryAfterSeconds ?? 0) * 1000;
      const waitMs = Math.max(asked, pauseMs * (0.5 + Math.random()));
      if (performance.now() - begin + waitMs > LONGEST_TRY_MS) throw error;
      await sleep(waitMs, undefined, { signal: options.signal });
    }
  }
  return read();
}
