/** Resolves at the first Ctrl-C, or when asked to end; a second one ends at once. */
export function untilInterrupted(): Promise<void> {
  return new Promise(resolve => {
    let isSecond = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (isSecond) process.exit(130);
        isSecond = true;
        resolve();
      });
    }
  });
}
