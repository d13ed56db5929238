/**
 * What the caches of all threads hold, in memory that all of them see: each writes its own and reads the sums, without a message.
 * A sum may be older than the last look of another thread, which is a second.
 */

/** In which order a thread lets go of things; see `rungsOf`. */
export const RUNGS = 4;

const KIB = 1024;
/** Before the slots: whether the ceiling was reached and that was told. */
const TOLD = 0;
const FIRST_SLOT = 1;
const USED = 0;
const DROPPED_BODIES = 1;
const DROPPED_KINDS = 2;
const FIRST_RUNG = 3;
const SLOT = FIRST_RUNG + RUNGS;

/** How much the cache holds, of all threads. */
export interface CacheMemory {
  /** Bytes that it may hold. */
  ceilingBytes: number;
  /** Bytes that it holds, as it counts itself. */
  usedBytes: number;
  /** How often the objects of a kind were let go of, since the instance was started; its rows stayed. */
  droppedBodies: number;
  /** How often a kind was let go of altogether. */
  droppedKinds: number;
}

/** One thread's sight of it. */
export class MemoryLedger {
  readonly #counts: Int32Array;
  readonly #slot: number;

  /** Memory for so many threads, to be given to each. */
  static memory(threads: number): SharedArrayBuffer {
    const counts = FIRST_SLOT + threads * SLOT;
    return new SharedArrayBuffer(counts * Int32Array.BYTES_PER_ELEMENT);
  }

  /** @param options - `thread`: its number, from 0 */
  constructor(options: { memory: SharedArrayBuffer; thread: number }) {
    this.#counts = new Int32Array(options.memory);
    this.#slot = FIRST_SLOT + options.thread * SLOT;
  }

  /** Writes what this thread holds, and how much of that on which rung; bytes. */
  write(held: { usedBytes: number; rungs: readonly number[] }) {
    this.#put(USED, held.usedBytes);
    held.rungs.forEach((bytes, rung) => this.#put(FIRST_RUNG + rung, bytes));
  }

  /** Counts that something was let go of. */
  dropped(what: 'bodies' | 'kind') {
    const count = what === 'bodies' ? DROPPED_BODIES : DROPPED_KINDS;
    Atomics.add(this.#counts, this.#slot + count, 1);
  }

  /** The thread is gone, and what it held with it; what it has let go of stays counted. */
  clear() {
    this.write({ usedBytes: 0, rungs: new Array<number>(RUNGS).fill(0) });
  }

  /** Of all threads; bytes. */
  sums(): Omit<CacheMemory, 'ceilingBytes'> & { rungs: number[] } {
    return {
      usedBytes: this.#sum(USED) * KIB,
      droppedBodies: this.#sum(DROPPED_BODIES),
      droppedKinds: this.#sum(DROPPED_KINDS),
      rungs: Array.from(
        { length: RUNGS },
        (_, rung) => this.#sum(FIRST_RUNG + rung) * KIB,
      ),
    };
  }

  /** Answers whether it has not been told yet, to one thread only. */
  beginTelling(): boolean {
    return Atomics.compareExchange(this.#counts, TOLD, 0, 1) === 0;
  }

  /** The next time is told again. */
  endTelling() {
    Atomics.store(this.#counts, TOLD, 0);
  }

  #put(count: number, bytes: number) {
    Atomics.store(this.#counts, this.#slot + count, Math.ceil(bytes / KIB));
  }

  #sum(count: number): number {
    let sum = 0;
    for (
      let slot = FIRST_SLOT;
      slot + count < this.#counts.length;
      slot += SLOT
    ) {
      sum += Atomics.load(this.#counts, slot + count);
    }
    return sum;
  }
}
