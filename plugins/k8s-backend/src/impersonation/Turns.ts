/** Lets only so much of the same be done at once; the rest waits for its turn. */
export class Turns {
  readonly #atOnce: number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** @param of - what it is the same of @throws what the work throws */
  async take<T>(of: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(of) ?? 0;
    if (running < this.#atOnce) this.#running.set(of, running + 1);
    else {
      // Whoever ends hands the place over, so that it stays counted.
      await new Promise<void>(resolve => {
        const waiting = this.#waiting.get(of) ?? [];
        this.#waiting.set(of, waiting);
        waiting.push(resolve);
      });
    }
    try {
      return await work();
    } finally {
      this.#leave(of);
    }
  }

  #leave(of: string) {
    const next = this.#waiting.get(of)?.shift();
    if (next) {
      next();
      return;
    }
    this.#waiting.delete(of);
    const left = (this.#running.get(of) ?? 1) - 1;
    if (left > 0) this.#running.set(of, left);
    else this.#running.delete(of);
  }
}
