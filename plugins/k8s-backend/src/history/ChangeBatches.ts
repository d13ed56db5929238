import type { ChangeListener, ObjectChange } from './ObjectChange';

/** Milliseconds from the first change until all that came meanwhile are told: one message between threads for many. */
const BATCH_MS = 100;

/** Gathers changes, and tells of them together. */
export class ChangeBatches {
  readonly #listener: ChangeListener;
  #changes: ObjectChange[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(listener: ChangeListener) {
    this.#listener = listener;
  }

  /** @param change - undefined: one was dropped */
  add(change: ObjectChange | undefined): void {
    if (change) this.#changes.push(change);
    else this.#dropped += 1;
    this.#timer ??= setTimeout(() => this.#tell(), BATCH_MS).unref();
  }

  /** Tells of what has gathered, and ends. */
  stop(): void {
    if (this.#timer) this.#tell();
  }

  #tell() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = this.#changes;
    const dropped = this.#dropped;
    this.#changes = [];
    this.#dropped = 0;
    this.#listener(changes, dropped);
  }
}
