/**
 * Remembers decisions for seconds, so that a request asks the policy once per permission. While the policy does not answer
 * (it needs the database, for whom a user belongs to), who could read a moment ago goes on reading for a while: pages outlive
 * the database being away. A right that is taken away meanwhile is taken away when the policy answers again, however late.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import { failureLog } from '../errors/failureLog';

/** Milliseconds that a decision is remembered; a right that is taken away ends this much later at most. */
export const REMEMBERED_MS = 4_000;
/** Milliseconds that an old decision is used for reading while there is no new one. */
export const OUTAGE_MS = 120_000;
/** Milliseconds that a new decision is waited for where there is an old one. */
const PATIENCE_MS = 1_000;
/** Decisions that are remembered; one is a few hundred bytes. */
const MAXIMUM_ENTRIES = 10_000;

interface Entry<Decision> {
  /** What was asked for, however long it takes. */
  asked: Promise<Decision>;
  /** The same, or an earlier one when it takes long; once somebody wants that. */
  decision?: Promise<Decision>;
  /** When it was asked for. */
  at: number;
  /** The last one that was given, and when it was asked for. */
  last?: { decision: Decision; at: number };
}

function rejectAfter(durationMs: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(
      () => reject(new Error('It does not answer in time')),
      durationMs,
    ).unref();
  });
}

/** Remembers decisions by a key. */
export class DecisionMemory<Decision> {
  private readonly entries = new Map<string, Entry<Decision>>();

  /** @param options - `source`: who decides, for the log */
  constructor(
    private readonly options: { logger: LoggerService; source: string },
  ) {}

  /**
   * The decision for a key, asked for when it is not known.
   *
   * @param options - `outageMs`: how old a decision may be when there is no new one; 0 for what changes anything. `since`: only one
   * that was asked for then or later will do, and is waited for; in milliseconds of `performance.now()`
   * @throws what asking throws; that is not remembered
   */
  get(
    key: string,
    options: {
      ask: () => Promise<Decision>;
      outageMs: number;
      since?: number;
    },
  ): Promise<Decision> {
    const { since = -Infinity } = options;
    const known = this.entries.get(key);
    const now = performance.now();
    const entry =
      known && known.at > now - REMEMBERED_MS && known.at >= since
        ? known
        : this.ask(key, options, known);
    if (since !== -Infinity) return entry.asked;
    entry.decision ??= entry.last
      ? this.inTime(entry, entry.last)
      : entry.asked;
    return entry.decision;
  }

  private ask(
    key: string,
    { ask, outageMs }: { ask: () => Promise<Decision>; outageMs: number },
    known: Entry<Decision> | undefined,
  ): Entry<Decision> {
    const at = performance.now();
    const last =
      known?.last && known.last.at > at - outageMs ? known.last : undefined;
    const asked = Promise.resolve().then(ask);
    const entry: Entry<Decision> = { at, last, asked };
    asked.then(
      decision => {
        const given = { decision, at };
        // Asked again meanwhile: what came late is what is known then, unless a later question was answered before.
        for (const one of [entry, this.entries.get(key)]) {
          if (one && !(one.last && one.last.at > at)) one.last = given;
        }
      },
      () => {
        if (!last && this.entries.get(key) === entry) this.entries.delete(key);
      },
    );
    this.keep(key, entry);
    return entry;
  }

  /** What was asked for, or the last that was known when that takes long or fails. */
  private async inTime(
    entry: Entry<Decision>,
    last: { decision: Decision },
  ): Promise<Decision> {
    try {
      return await Promise.race([entry.asked, rejectAfter(PATIENCE_MS)]);
    } catch (error) {
      // What it says late counts from then on, and not only when it is asked again.
      entry.asked.then(
        decision => {
          entry.decision = Promise.resolve(decision);
        },
        () => undefined,
      );
      this.options.logger.warn(
        'There is no new decision; an earlier one is used for reading',
        { source: this.options.source, ...failureLog(error) },
      );
      return (entry.last ?? last).decision;
    }
  }

  private keep(key: string, entry: Entry<Decision>): void {
    // Deleted first: a Map is in order of insertion, so the first entry is always the oldest.
    this.entries.delete(key);
    this.entries.set(key, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > MAXIMUM_ENTRIES) this.entries.delete(oldest);
  }
}
