import { ServiceUnavailableError } from '@backstage/errors';
import type { ResourceKind } from '@backstage-k8s/plugin-k8s-node';
import { withHints } from '../../errors/answerHints';
import type { CacheTimings } from '../CacheTimings';
import { notKept } from './notKept';
import type { KindMemory } from './rungsOf';

/** What of a kind is kept: whole objects with their rows, rows only, or nothing. */
export type KeptOfKind = 'objects' | 'rows' | 'nothing';

// What was let go of before it was complete is larger than it was by then; nobody knows by how much.
const INCOMPLETE_FACTOR = 1.5;
// A cluster may have become smaller since: after this time it is taken to be half as large, and so on.
const HALVED_AFTER_MS = 10 * 60_000;

/** What of a kind is kept, since there is a ceiling of memory, and when more of it may be kept again. */
export class KindKeeping {
  readonly #hasRoom: (bytes: number) => boolean;
  readonly #timings: CacheTimings;
  #keeps: KeptOfKind = 'objects';
  /** What was let go of took so much. */
  #needs: KindMemory = { bodies: 0, rows: 0 };
  /** ms since 1970. */
  #droppedAt = 0;

  constructor(options: {
    hasRoom: (bytes: number) => boolean;
    timings: CacheTimings;
  }) {
    this.#hasRoom = options.hasRoom;
    this.#timings = options.timings;
  }

  get keeps(): KeptOfKind {
    return this.#keeps;
  }

  /** Its objects are let go of. */
  bodiesDropped({ bodies }: KindMemory, options: { isComplete: boolean }) {
    this.#keeps = 'rows';
    this.#needs = { ...this.#needs, bodies: estimated(bodies, options) };
    this.#droppedAt = Date.now();
  }

  /** All of it is let go of. */
  dropped({ bodies, rows }: KindMemory, options: { isComplete: boolean }) {
    this.#needs = {
      bodies:
        this.#keeps === 'objects'
          ? estimated(bodies, options)
          : this.#needs.bodies,
      rows: estimated(rows, options),
    };
    this.#keeps = 'nothing';
    this.#droppedAt = Date.now();
  }

  /** Somebody reads a kind of which nothing is kept: answers whether it is kept from now on, and if so its objects too where they fit. */
  regain(): boolean {
    if (this.#keeps !== 'nothing') return true;
    if (this.#isTooSoon) return false;
    const { bodies, rows } = this.#needed;
    if (this.#hasRoom(rows + bodies)) this.#keeps = 'objects';
    else if (this.#hasRoom(rows)) this.#keeps = 'rows';
    return this.#keeps !== 'nothing';
  }

  /**
   * Somebody wants whole objects of a kind of which only rows are kept: answers whether they are kept from now on.
   *
   * @param options - `isUrgent`: cannot be read in another way
   */
  regainObjects(options: { isUrgent: boolean }): boolean {
    if (this.#keeps !== 'rows') return this.#keeps === 'objects';
    if (this.#isTooSoon && !options.isUrgent) return false;
    if (this.#hasRoom(this.#needed.bodies)) this.#keeps = 'objects';
    return this.#keeps === 'objects';
  }

  /** For who cannot be answered by reading from the API server instead. */
  error({ plural }: ResourceKind): ServiceUnavailableError {
    const error = new ServiceUnavailableError(notKept(plural));
    const retryAfterSeconds = Math.ceil(this.#timings.regainPauseMs / 1000);
    return withHints(error, { retryAfterSeconds });
  }

  /** Reading a kind costs its API server more than a request; it is not read, dropped and read again in turn. */
  get #isTooSoon(): boolean {
    return Date.now() - this.#droppedAt < this.#timings.regainPauseMs;
  }

  get #needed(): KindMemory {
    const age = Math.floor((Date.now() - this.#droppedAt) / HALVED_AFTER_MS);
    const { bodies, rows } = this.#needs;
    return { bodies: bodies / 2 ** age, rows: rows / 2 ** age };
  }
}

function estimated(bytes: number, options: { isComplete: boolean }): number {
  return options.isComplete ? bytes : bytes * INCOMPLETE_FACTOR;
}
