/** Waits, at most until the signal; being aborted is no error. */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const waited = new AbortController();
    const timer = setTimeout(() => {
      waited.abort();
      resolve();
    }, durationMs);
    const leave = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', leave, { signal: waited.signal });
  });
}
