/**
 * Keeps the cache below a number of bytes, over all threads. Each thread lets go of its own, when all together are above: as much of
 * what is still needed as its part of what there is to let go of on that rung. So what is needed least goes first wherever it is, and no
 * thread waits for another one.
 */
import type { CacheTimings } from '../CacheTimings';
import { MemoryLedger } from './MemoryLedger';
import type { CacheMemory } from './MemoryLedger';
import { idleBytes, rungsOf } from './rungsOf';
import type { DroppableKind, Step } from './rungsOf';

// Below the ceiling by this, so that it is not reached again at once; no more is taken in by choice above that either.
const TARGET_SHARE = 0.9;
// Reached again after less than this was used, it is another fault.
const RECOVERED_SHARE = 0.7;

/** What a cache needs to know its part of the memory of all threads. */
export interface MemorySettings {
  /** Bytes that all threads may hold together. */
  ceilingBytes: number;
  /** Of {@link MemoryLedger.memory}. */
  memory: SharedArrayBuffer;
  /** The number of this one, from 0. */
  thread: number;
}

/** Tells the log; of constant words, with details. */
export type Warn = (message: string, details: Record<string, string>) => void;

/** The ceiling for the kinds of one thread. */
export class MemoryCeiling {
  readonly #ceilingBytes: number;
  readonly #ledger: MemoryLedger;
  readonly #kinds: () => Iterable<DroppableKind>;
  readonly #besides: () => number;
  readonly #timings: CacheTimings;
  readonly #warn: Warn;

  constructor(options: {
    settings: MemorySettings;
    /** All that this thread has. */
    kinds: () => Iterable<DroppableKind>;
    /** Bytes that this thread holds besides, and cannot let go of; default none. */
    besides?: () => number;
    timings: CacheTimings;
    warn: Warn;
  }) {
    this.#ceilingBytes = options.settings.ceilingBytes;
    this.#ledger = new MemoryLedger(options.settings);
    this.#kinds = options.kinds;
    this.#besides = options.besides ?? (() => 0);
    this.#timings = options.timings;
    this.#warn = options.warn;
  }

  /** Looks how much there is, and lets go of what is too much. */
  look() {
    const { usedBytes, rungs } = this.#note();
    const all = this.#ledger.sums();
    if (all.usedBytes < this.#ceilingBytes * RECOVERED_SHARE) {
      this.#ledger.endTelling();
    }
    if (all.usedBytes <= this.#ceilingBytes) return;
    this.#tell(all.usedBytes);
    let excess = all.usedBytes - this.#ceilingBytes * TARGET_SHARE;
    rungs.forEach((steps, rung) => {
      const there = all.rungs[rung];
      if (excess <= 0 || there === 0) return;
      const wanted = Math.min(excess, there);
      this.#dropSome(steps, (wanted * sumOf(steps)) / there);
      excess -= wanted;
    });
    if (usedBytes > 0) this.#note();
  }

  /** Whether so many bytes more may be taken in: there is room, or something that nobody has needed for a while would make way. */
  hasRoom(bytes: number): boolean {
    const { rungs } = this.#note();
    const idleSince = Date.now() - this.#timings.regainPauseMs;
    const room =
      this.#ceilingBytes * TARGET_SHARE - this.#ledger.sums().usedBytes;
    return bytes <= room + idleBytes(rungs, idleSince);
  }

  /** As of the last look. */
  status(): CacheMemory {
    return cacheMemory(this.#ledger, this.#ceilingBytes);
  }

  /** Nothing is held any more. */
  stop() {
    this.#ledger.clear();
  }

  #note() {
    const kinds = [...this.#kinds()];
    const rungs = rungsOf(kinds);
    const usedBytes = kinds.reduce(
      (sum, { memory }) => sum + memory.bodies + memory.rows,
      this.#besides(),
    );
    this.#ledger.write({ usedBytes, rungs: rungs.map(sumOf) });
    return { usedBytes, rungs };
  }

  #dropSome(steps: readonly Step[], bytes: number) {
    let left = bytes;
    for (const step of steps) {
      if (left <= 0) return;
      step.drop();
      this.#ledger.dropped(step.what);
      left -= step.bytes;
    }
  }

  #tell(usedBytes: number) {
    if (!this.#ledger.beginTelling()) return;
    this.#warn(
      'The cache has used up its memory: what was not read for longest is read from API servers until there is room. Raise k8s.cache.memory, if the machine has more',
      {
        ceilingBytes: String(this.#ceilingBytes),
        usedBytes: String(usedBytes),
      },
    );
  }
}

/** What a ledger says, as of the last look of each thread. */
export function cacheMemory(
  ledger: MemoryLedger,
  ceilingBytes: number,
): CacheMemory {
  const { rungs, ...sums } = ledger.sums();
  return { ceilingBytes, ...sums };
}

function sumOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { bytes }) => sum + bytes, 0);
}
