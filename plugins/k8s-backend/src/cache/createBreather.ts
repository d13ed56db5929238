import { setImmediate as nextTurn } from 'node:timers/promises';

// Long enough to be cheap, short enough that the event loop's delay stays well below 50 ms with several readers.
const LONGEST_TURN_MS = 8;

/**
 * Gives way to everything else in the process when work has gone on for some milliseconds: data that has already arrived
 * would else be worked off in one go.
 */
export function createBreather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < LONGEST_TURN_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
