/** Waits for Ctrl-C. */
export interface Interrupted extends Promise<void> {
  /** Whether it has come. */
  readonly isOver: boolean;
}

/** Resolves at the first Ctrl-C, or when asked to end; a second one ends at once. */
export function untilInterrupted(): Interrupted {
  let isOver = false;
  const promise = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (isOver) process.exit(130);
        isOver = true;
        resolve();
      });
    }
  });
  return Object.defineProperty(promise, 'isOver', {
    get: () => isOver,
  }) as Interrupted;
}
