/** Milliseconds between two ticks. */
const TICK_MS = 1_000;

/**
 * One timer for all relative times of a page. Each listener is called every second and writes its own text, so that a tick
 * renders nothing else again.
 */
class Clock {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Calls the listener every second; the answer stops that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => {
      this.#listeners.forEach(tell => tell());
    }, TICK_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }
}

/** The clock of this browser. */
export const clock = new Clock();
