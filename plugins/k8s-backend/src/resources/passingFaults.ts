import { setTimeout as sleep } from 'node:timers/promises';
import { hintsOf } from '../errors/answerHints';

// Together below what somebody who looks at a page notices; the health monitor and the cache deal with longer faults.
const PAUSES_MS = [150, 500];
const LONGEST_TRY_MS = 3_000;

/**
 * Whether the cluster may answer if asked again: the network failed, or the API server is overloaded or starting. Such
 * answers are ServiceUnavailableErrors here.
 */
export function isPassingFault(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ServiceUnavailableError';
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
      const asked = (hintsOf(error).retryAfterSeconds ?? 0) * 1000;
      const waitMs = Math.max(asked, pauseMs * (0.5 + Math.random()));
      if (performance.now() - begin + waitMs > LONGEST_TRY_MS) throw error;
      await sleep(waitMs, undefined, { signal: options.signal });
    }
  }
  return read();
}
