/**
 * Notices within seconds that a cluster went away. An idle watch says nothing for a minute, so the cluster (not each kind) is
 * asked for its version every few seconds; a cluster that is away is asked by this alone, readers wait for it.
 *
 * The versions tell more: a watch that brings an older one some seconds later lags behind, and when they go backwards, the
 * cluster's etcd was restored from an older state.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterFailureOf } from '../errors/clusterErrors';
import { compareVersions } from '../resources/resourceVersion';
import type { CacheTimings } from './CacheTimings';
import { reasonOf } from './readFailure';

const SERVER_ERROR = 500;
// Enough to reach back further than a lag that counts.
const KEPT_MARKS = 4;
// Of the time that a cluster has been away, until it is asked again; and the least, of the interval.
const SHARE_OF_ABSENCE = 0.1;
const SHORTEST = 0.2;
// Of the time until it is asked again, so that not all clusters are asked at once.
const CHANCE = 0.2;
// Many kinds fail at once.
const SUSPICION_PAUSE_MS = 1_000;

/** Since when (ms since 1970) a cluster has not answered, and why, for people. */
export interface Absence {
  since: number;
  message: string;
}

interface Mark {
  at: number;
  version: string;
}

/** Watches over one cluster while something of it is cached. */
export class ClusterLiveness {
  readonly #probe: (signal: AbortSignal) => Promise<string | undefined>;
  readonly #timings: CacheTimings;
  readonly #onLost: (absence: Absence) => void;
  readonly #onBackwards: () => void;
  readonly #onBack: (awayMs: number) => void;
  readonly #waiting = new Set<() => void>();
  #absence: Absence | undefined;
  #lastSeen: number | undefined;
  #askedAt = 0;
  /** The newest first. */
  #marks: Mark[] = [];
  #hurry: (() => void) | undefined;

  constructor(options: {
    /** The resourceVersion of the cluster, undefined when it does not tell. Fails when the cluster does not answer. */
    probe: (signal: AbortSignal) => Promise<string | undefined>;
    timings: CacheTimings;
    onLost: (absence: Absence) => void;
    onBack: (awayMs: number) => void;
    /** The cluster's versions went backwards. */
    onBackwards: () => void;
  }) {
    this.#probe = options.probe;
    this.#timings = options.timings;
    this.#onLost = options.onLost;
    this.#onBack = options.onBack;
    this.#onBackwards = options.onBackwards;
  }

  /** Undefined: the cluster answers, or was not asked yet. */
  get absence(): Absence | undefined {
    return this.#absence;
  }

  /** ms since 1970; when a question that the cluster answered was sent. */
  get lastSeen(): number | undefined {
    return this.#lastSeen;
  }

  /** A resourceVersion that the cluster had reached at that time (ms since 1970), undefined when none is known. */
  versionAt(time: number): string | undefined {
    return this.#marks.find(({ at }) => at <= time)?.version;
  }

  /** Something failed: ask now. */
  suspect() {
    if (Date.now() - this.#askedAt > SUSPICION_PAUSE_MS) this.#hurry?.();
  }

  /** Waits until the cluster answers; answers whether it was away. */
  async reachable(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    if (!this.#absence) return false;
    await new Promise<void>((resolve, reject) => {
      const end = () => {
        this.#waiting.delete(end);
        signal.removeEventListener('abort', end);
        if (signal.aborted) reject(signal.reason);
        else resolve();
      };
      this.#waiting.add(end);
      signal.addEventListener('abort', end, { once: true });
    });
    return true;
  }

  /** Asks until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#ask(signal);
      // Never later than the interval: it is part of what is promised. Hardly sooner: of a hundred clusters it is what costs most.
      const share = 1 - Math.random() * CHANCE;
      await this.#pause(share * this.#intervalMs(), signal);
    }
  }

  /** One that went away a moment ago, as a server that is restarted, is back soon; one that is long gone is not asked so often. */
  #intervalMs(): number {
    const { probeIntervalMs, awayProbeIntervalMs } = this.#timings;
    if (!this.#absence) return probeIntervalMs;
    const awayMs = Date.now() - this.#absence.since;
    return Math.min(
      Math.max(awayMs * SHARE_OF_ABSENCE, awayProbeIntervalMs * SHORTEST),
      awayProbeIntervalMs,
    );
  }

  async #pause(timeMs: number, signal: AbortSignal) {
    const woken = new AbortController();
    this.#hurry = this.#absence ? undefined : () => woken.abort();
    await sleep(timeMs, undefined, {
      signal: AbortSignal.any([signal, woken.signal]),
      ref: false,
    }).catch(() => undefined);
    this.#hurry = undefined;
  }

  async #ask(signal: AbortSignal) {
    const askedAt = Date.now();
    this.#askedAt = askedAt;
    const timeout = AbortSignal.timeout(this.#timings.probeTimeoutMs);
    try {
      const version = await this.#probe(AbortSignal.any([signal, timeout]));
      if (version !== undefined) this.#note({ at: Date.now(), version });
      this.#seen(askedAt);
    } catch (error) {
      if (signal.aborted) return;
      if (!timeout.aborted && isAnswer(error)) this.#seen(askedAt);
      else
        this.#lost(
          timeout.aborted
            ? 'It answers too slowly or not at all'
            : reasonOf(error),
        );
    }
  }

  #note(mark: Mark) {
    const [last] = this.#marks;
    if (last && compareVersions(mark.version, last.version) < 0) {
      this.#marks = [];
      this.#onBackwards();
    }
    this.#marks = [mark, ...this.#marks].slice(0, KEPT_MARKS);
  }

  #seen(at: number) {
    this.#lastSeen = at;
    const absence = this.#absence;
    if (!absence) return;
    this.#absence = undefined;
    this.#onBack(Date.now() - absence.since);
    for (const end of [...this.#waiting]) end();
  }

  #lost(message: string) {
    if (this.#absence) {
      this.#absence = { ...this.#absence, message };
      return;
    }
    this.#absence = { since: Date.now(), message };
    this.#onLost(this.#absence);
  }
}

/** An API server that fails does not count; whatever else is answered, a refusal too, is an answer. */
function isAnswer(error: unknown): boolean {
  const status = clusterFailureOf(error)?.status ?? SERVER_ERROR;
  return status < SERVER_ERROR;
}
