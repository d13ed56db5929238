import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import { compareVersions } from '../resources/resourceVersion';
import type { CacheTimings } from './CacheTimings';
import type { Absence } from './ClusterLiveness';
import type { ReadFailure } from './readFailure';

// A watch that breaks and is open again within this time is not worth a word to anybody.
const UNSHOWN_FAILURE_MS = 2_000;
// After the last late change, if no other comes: then all have come.
const LAG_SHOWN_MS = 3_000;

/** What is known of the cluster that a kind is read from. */
export interface FreshnessOptions {
  timings: CacheTimings;
  /** Undefined while the cluster answers. */
  absence: () => Absence | undefined;
  /** ms since 1970; when a question that the cluster answered was sent. */
  lastSeen: () => number | undefined;
  /** A version that the cluster had reached at that time (ms since 1970); undefined: not known. */
  versionAt: (time: number) => string | undefined;
}

/** Whether what is known of a kind is what is in the cluster, and since when not. Times are ms since 1970. */
export class Freshness {
  readonly #options: FreshnessOptions;
  #isSynced = false;
  #watchingSince: number | undefined;
  #trueAt: number | undefined;
  #lagsUntil = 0;
  #failure: (ReadFailure & { since: number }) | undefined;

  constructor(options: FreshnessOptions) {
    this.#options = options;
  }

  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Why it cannot be read at the moment. */
  get failure(): ReadFailure | undefined {
    return this.#failure;
  }

  /** When it was last known to be true; undefined: never. */
  get trueAt(): number | undefined {
    return this.#trueAt;
  }

  /** A list begins: no watch is open. */
  listing() {
    this.#watchingSince = undefined;
  }

  /** A list is complete. */
  synced() {
    this.#isSynced = true;
    this.#trueAt = Date.now();
    this.#failure = undefined;
  }

  /** A watch is open. */
  watching() {
    this.#watchingSince = Date.now();
    this.#failure = undefined;
  }

  failed(failure: ReadFailure) {
    this.#watchingSince = undefined;
    const since = this.#failure?.since ?? Date.now();
    this.#failure = { ...failure, since };
  }

  /** The cluster is back: nothing that an open watch has brought is known to be all, until it is read again. */
  renewing() {
    this.#watchingSince = undefined;
    this.#failure = {
      type: 'passing',
      message: 'The cluster is back and is being read again',
      ...this.#failure,
      // It has been shown already.
      since: 0,
    };
  }

  /** It is read again although nothing has failed. */
  rereading(message: string) {
    this.#watchingSince = undefined;
    this.#failure ??= { type: 'passing', message, since: Date.now() };
  }

  /** A change arrived; late when the cluster was further some seconds ago. */
  changed(version: string) {
    const now = Date.now();
    const { timings, versionAt } = this.#options;
    const before = versionAt(now - timings.lagMs);
    const isLate = before !== undefined && compareVersions(version, before) < 0;
    this.#lagsUntil = isLate ? now + LAG_SHOWN_MS : 0;
  }

  /** Everything that a watch has brought is known; what was held up on its way out of an outage says nothing of now. */
  reached() {
    const isCurrent =
      this.#watchingSince !== undefined && !this.#options.absence();
    if (isCurrent && !this.#lags()) this.#trueAt = Date.now();
  }

  /** Takes in that the cluster has answered: what an open watch has brought is true then. */
  refresh() {
    const seen = this.#options.lastSeen();
    const isKnown =
      seen !== undefined &&
      this.#watchingSince !== undefined &&
      seen >= this.#watchingSince;
    if (isKnown && !this.#options.absence() && !this.#lags()) {
      this.#trueAt = Math.max(this.#trueAt ?? 0, seen);
    }
  }

  /** @param options - `lineMs`: how long the line that arrives at the moment has been arriving */
  state(options: { lineMs: number }): CacheState {
    const message = this.#problem(options);
    if (!this.#isSynced) return { state: 'syncing', message };
    if (message === undefined) return { state: 'live' };
    const asOf = new Date(this.#trueAt ?? Date.now()).toISOString();
    return { state: 'stale', asOf, message };
  }

  #problem({ lineMs }: { lineMs: number }): string | undefined {
    const absence = this.#options.absence();
    if (absence) return absence.message;
    const failure = this.#failure;
    const isShort =
      this.#isSynced &&
      (failure?.type === 'passing' || failure?.type === 'silent') &&
      Date.now() - failure.since < UNSHOWN_FAILURE_MS;
    if (failure && !isShort) return failure.message;
    const isSlow = lineMs > this.#options.timings.slowLineMs;
    return isSlow || this.#lags() ? 'Changes arrive too slowly' : undefined;
  }

  #lags(): boolean {
    return Date.now() < this.#lagsUntil;
  }
}
