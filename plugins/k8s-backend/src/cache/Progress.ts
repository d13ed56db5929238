/** Lets others wait for what comes step by step. */
export class Progress {
  readonly #waiting = new Set<() => void>();

  /** What somebody waits for may hold now, or never will. */
  made() {
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * Waits until the condition holds, it is over, or the signal is aborted; answers whether the condition holds.
   *
   * @param options - `isOver`: the condition will not come to hold any more
   */
  async until(
    condition: () => boolean,
    options: { signal: AbortSignal; isOver: () => boolean },
  ): Promise<boolean> {
    const { signal, isOver } = options;
    while (!condition() && !signal.aborted && !isOver()) {
      await this.#next(signal);
    }
    return condition();
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
