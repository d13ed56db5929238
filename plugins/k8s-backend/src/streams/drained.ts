import type { ServerResponse } from 'node:http';

/** Milliseconds that a reader with full buffers is waited for; changes are merged meanwhile, not queued. */
export const PATIENCE_MS = 20_000;

/** Answers whether what was written went out in time. */
export function drained(
  response: ServerResponse,
  patienceMs = PATIENCE_MS,
): Promise<boolean> {
  if (!response.writableNeedDrain) return Promise.resolve(true);
  return new Promise(resolve => {
    const giveUp = setTimeout(() => resolve(false), patienceMs);
    const goOn = () => {
      clearTimeout(giveUp);
      response.off('drain', goOn);
      response.off('close', goOn);
      resolve(true);
    };
    response.once('drain', goOn);
    response.once('close', goOn);
  });
}
