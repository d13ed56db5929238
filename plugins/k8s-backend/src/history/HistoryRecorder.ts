import type { LoggerService } from '@backstage/backend-plugin-api';
import { keptHistoryOf } from '@backstage-k8s/plugin-k8s-common';
import type { CacheStatus } from '../cache/CacheStatus';
import { failureLog } from '../errors/failureLog';
import type { HistoryStore, RecordedKind } from './HistoryStore';
import type { DroppedChanges, ObjectChange } from './ObjectChange';

/** Milliseconds from the first change that is heard until all that came meanwhile are kept. */
const BATCH_MS = 500;
/** Milliseconds until it is tried again, while the database does not take them. */
const RETRY_MS = 5_000;
/** What the database has not taken after so many attempts it will not take. */
const MAX_FAILURES = 60;
/** Changes that wait at most; with some kilobytes each that is some megabytes. */
const MAX_WAITING = 5_000;
/** Milliseconds between two notes of which kinds are heard. */
const NOTE_MS = 15_000;

const kindKey = ({ cluster, group, plural }: RecordedKind) =>
  `${cluster} ${group} ${plural}`;

/** How the recording of changes goes, since the process was started. */
export interface HistoryStatus {
  /** Changes that were kept; several instances keep the same one once, and count it each. */
  recorded: number;
  /** Changes that were too many, or waited too long for the database. */
  dropped: number;
  /** Changes that wait for the database. */
  waiting: number;
}

/**
 * Keeps changes that the cache hears of, in batches and beside everything else: while the database is away they wait, up to a
 * bound, and nobody waits for them.
 */
export class HistoryRecorder {
  readonly #store: HistoryStore;
  readonly #logger: LoggerService;
  #waiting: ObjectChange[] = [];
  /** Of those that wait, the ones that are being written. */
  #writing = 0;
  #timer: NodeJS.Timeout | undefined;
  #notes: NodeJS.Timeout | undefined;
  #recorded = 0;
  #dropped = 0;
  /** Kinds of which changes were dropped and that is not noted yet, by {@link kindKey}; ms since 1970 of the first. */
  #gaps = new Map<string, RecordedKind & { since: number }>();
  /** Attempts that failed since the last one that did not. */
  #failures = 0;
  #isStopped = false;

  constructor(options: { store: HistoryStore; logger: LoggerService }) {
    this.#store = options.store;
    this.#logger = options.logger;
  }

  /** Begins to note which kinds are heard: those that the cache has. */
  start(cache: CacheStatus): void {
    this.#notes = setInterval(() => void this.note(cache), NOTE_MS).unref();
  }

  /** Takes in changes; never throws, and never takes long. */
  hear(
    changes: readonly ObjectChange[],
    dropped: readonly DroppedChanges[] = [],
  ): void {
    if (this.#isStopped) return;
    const room = Math.max(0, MAX_WAITING - this.#waiting.length);
    this.#waiting.push(...changes.slice(0, room));
    for (const { count, ...kind } of dropped) this.#drop(kind, count);
    for (const change of changes.slice(room)) this.#drop(change);
    if (this.#waiting.length > 0) this.#later();
  }

  status(): HistoryStatus {
    return {
      recorded: this.#recorded,
      dropped: this.#dropped,
      waiting: this.#waiting.length,
    };
  }

  /** Writes what waits; never throws. */
  async flush(): Promise<void> {
    if (this.#writing > 0 || this.#waiting.length === 0) return;
    const batch = [...this.#waiting];
    this.#writing = batch.length;
    try {
      await this.#store.keep(batch);
      this.#waiting.splice(0, batch.length);
      this.#recorded += batch.length;
      this.#failures = 0;
    } catch (error) {
      // Once per fault: it is tried again every few seconds.
      if (this.#failures === 0) {
        this.#logger.warn('Changes of objects cannot be kept now', {
          waiting: this.#waiting.length,
          ...failureLog(error),
        });
      }
      this.#failures += 1;
      if (this.#failures >= MAX_FAILURES) {
        this.#waiting.splice(0, batch.length);
        for (const change of batch) this.#drop(change);
        this.#failures = 0;
      }
    } finally {
      this.#writing = 0;
    }
    if (this.#waiting.length > 0) this.#later();
  }

  /** Notes which kinds are heard at the moment; never throws. */
  async note(cache: CacheStatus): Promise<void> {
    try {
      const kinds = (await cache.kinds()).filter(
        // What was never read has no past that a change could be told from.
        kind => kind.lagMs !== undefined && keptHistoryOf(kind) !== 'none',
      );
      const gaps = [...this.#gaps.values()];
      if (kinds.length + gaps.length === 0) return;
      const now = Date.now();
      await this.#store.recording(
        kinds,
        gaps.map(({ since, ...kind }) => ({ ...kind, sinceMs: now - since })),
      );
      // Others may have come meanwhile.
      for (const gap of gaps) {
        if (this.#gaps.get(kindKey(gap)) === gap) {
          this.#gaps.delete(kindKey(gap));
        }
      }
    } catch (error) {
      this.#logger.debug('What is recorded cannot be noted now', {
        ...failureLog(error),
      });
    }
  }

  /** Writes what waits, as far as the database takes it, and ends. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#notes);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.flush();
    clearTimeout(this.#timer);
  }

  #drop({ cluster, group, plural }: RecordedKind, count = 1) {
    this.#dropped += count;
    const kind = { cluster, group, plural };
    const key = kindKey(kind);
    if (!this.#gaps.has(key)) {
      this.#gaps.set(key, { ...kind, since: Date.now() });
    }
  }

  #later() {
    const timeMs = this.#failures > 0 ? RETRY_MS : BATCH_MS;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, timeMs).unref();
  }
}
