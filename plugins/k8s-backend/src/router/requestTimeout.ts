import { ServiceUnavailableError } from '@backstage/errors';
import { statusOf } from '../errors/statusErrors';

/** Why the signal of a request that takes too long is aborted, and what its caller is answered. */
export const TIMED_OUT = new ServiceUnavailableError(
  'The request took too long and was given up',
);

/** Fails when the request has taken too long. */
export function timedOut(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      if (signal.reason === TIMED_OUT) reject(TIMED_OUT);
    });
  });
}

/** What was thrown, or why the work was ended when it says nothing more than that it was. */
export function meaningOf(
  thrown: unknown,
  { aborted, reason }: AbortSignal,
): unknown {
  const isMeant = thrown instanceof Error && statusOf(thrown) !== undefined;
  return aborted && !isMeant ? reason : thrown;
}
