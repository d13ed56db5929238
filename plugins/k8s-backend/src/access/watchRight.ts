import { isError } from '@backstage/errors';

/** Milliseconds between two looks: with the seconds that a decision is remembered, what is lost ends within ten. */
const RECHECK_MS = 3_000;
/** Looks in a row that may fail: what is not known is not allowed. */
const FAILED_LOOKS = 2;

/** Why something that goes on for long has to end. */
export type RightLoss = 'accessLost' | 'accessUnknown';

/**
 * Looks every few seconds whether the caller still may, until the signal is aborted.
 *
 * @param check - whether the caller may; a NotFoundError says no, other errors that nobody knows
 * @param options - `onLoss` is told once
 */
export function watchRight(
  check: () => Promise<boolean>,
  options: {
    signal: AbortSignal;
    onLoss: (loss: RightLoss) => void;
    recheckMs?: number;
  },
): void {
  const { signal, onLoss, recheckMs = RECHECK_MS } = options;
  let failures = 0;
  let busy = false;
  let timer: NodeJS.Timeout | undefined;
  const end = (loss?: RightLoss) => {
    clearInterval(timer);
    timer = undefined;
    if (loss && !signal.aborted) onLoss(loss);
  };
  const look = async () => {
    try {
      const may = await check();
      failures = 0;
      if (!may && timer) end('accessLost');
    } catch (error) {
      if (isError(error) && error.name === 'NotFoundError') {
        if (timer) end('accessLost');
      } else {
        failures++;
      }
    } finally {
      busy = false;
    }
  };
  timer = setInterval(() => {
    // A look that takes longer than the time between two is one that failed.
    if (busy) failures++;
    if (failures >= FAILED_LOOKS) {
      end('accessUnknown');
      return;
    }
    if (busy) return;
    busy = true;
    look();
  }, recheckMs);
  signal.addEventListener('abort', () => end(), { once: true });
  if (signal.aborted) end();
}
