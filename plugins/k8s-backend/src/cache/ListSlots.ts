// A list costs memory for a page and a core to parse it; more at once would only make all of them later.
const SLOTS = 6;
// So that one cluster that comes back does not keep the others waiting.
const SLOTS_OF_A_CLUSTER = 2;
// One more that comes then begins at once; others wait until a list ends, or is slow.
const SLOTS_OF_THE_ONLY_CLUSTER = SLOTS - SLOTS_OF_A_CLUSTER;
// A slot is given back early by a list that has read less than this in a period: it costs next to nothing, and a slow
// cluster must not keep the others waiting.
const SLOW_PERIOD_MS = 3_000;
const SLOW_BYTES = 1024 * 1024;
// Where everything is slow it is the machine that is; what more lists would cost it is bounded too.
const SLOW_AT_ONCE = 3 * SLOTS;

interface Waiting {
  cluster: string;
  priority: number;
  start: () => void;
}

/** A list that may be read now. */
export interface ListSlot {
  /** To be told of what arrives, so that slow lists are found. */
  received(bytes: number): void;
  /** Gives the slot back; may be called more than once. */
  release(): void;
}

/** Bounds how many lists are read at once, over all clusters and for each; important kinds come first. */
export class ListSlots {
  readonly #waiting: Waiting[] = [];
  readonly #taken = new Map<string, number>();
  readonly #slowPeriodMs: number;
  #takenInAll = 0;
  /** Lists that are still read, and have given back their slots early. */
  #slow = 0;

  constructor(options: { slowPeriodMs?: number } = {}) {
    this.#slowPeriodMs = options.slowPeriodMs ?? SLOW_PERIOD_MS;
  }

  /**
   * Waits for a slot.
   *
   * @param options - the lowest priority comes first
   * @throws the signal's reason when it is aborted before
   */
  async acquire(
    cluster: string,
    options: { priority: number; signal: AbortSignal },
  ): Promise<ListSlot> {
    const { priority, signal } = options;
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = { cluster, priority, start: () => {} };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
      };
      waiting.start = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
      this.#startNext();
    });
    return this.#slotOf(cluster);
  }

  #shareOf(cluster: string): number {
    const isAnother = (id: string) => id !== cluster;
    return [...this.#taken.keys()].some(isAnother) ||
      this.#waiting.some(waiting => isAnother(waiting.cluster))
      ? SLOTS_OF_A_CLUSTER
      : SLOTS_OF_THE_ONLY_CLUSTER;
  }

  #startNext() {
    while (this.#takenInAll < SLOTS) {
      const next = this.#waiting
        .filter(
          ({ cluster }) => this.#takenBy(cluster) < this.#shareOf(cluster),
        )
        .reduce<Waiting | undefined>(
          (best, one) => (best && best.priority <= one.priority ? best : one),
          undefined,
        );
      if (!next) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#count(next.cluster, 1);
      next.start();
    }
  }

  #slotOf(cluster: string): ListSlot {
    let bytes = 0;
    let isSlow = false;
    const giveBack = () => {
      this.#count(cluster, -1);
      this.#startNext();
    };
    const timer = setInterval(() => {
      if (bytes < SLOW_BYTES && !isSlow && this.#slow < SLOW_AT_ONCE) {
        isSlow = true;
        this.#slow += 1;
        giveBack();
      }
      bytes = 0;
    }, this.#slowPeriodMs).unref();
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      clearInterval(timer);
      if (isSlow) this.#slow -= 1;
      else giveBack();
    };
    return {
      received: more => {
        bytes += more;
      },
      release,
    };
  }

  #takenBy(cluster: string): number {
    return this.#taken.get(cluster) ?? 0;
  }

  #count(cluster: string, change: number) {
    this.#takenInAll += change;
    this.#taken.set(cluster, this.#takenBy(cluster) + change);
    if (this.#takenBy(cluster) === 0) this.#taken.delete(cluster);
  }
}
