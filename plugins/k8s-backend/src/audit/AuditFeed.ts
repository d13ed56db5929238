/**
 * Tells of entries of the audit as they are written, whichever instance writes them: an event carries their ids, and each instance
 * that somebody listens to reads them once for all its listeners. Events are hints; what is not told of is found by reading.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { EventsService } from '@backstage/plugin-events-node';
import { failureLog } from '../errors/failureLog';
import type { AuditStore } from './AuditStore';

/** Topic of the events that tell which entries are new or have ended, by their ids. */
export const AUDIT_TOPIC = 'k8s.audit';

/** Milliseconds in which entries are gathered; a change is two, soon after each other. */
const WINDOW_MS = 500;
/** Entries of one event; who made more than that in a moment has them read as pages. */
const MOST_IDS = 200;
/** Characters; ours are UUIDs. */
const ID_LENGTH = 36;

/** Undefined: there were too many, or they cannot be read; the first page tells. */
export type AuditListener = (
  entries: readonly Schema<'AuditEntry'>[] | undefined,
) => void;

type WrittenStore = Pick<AuditStore, 'add' | 'complete'>;

/** What is written to the audit, for who listens. */
export class AuditFeed {
  readonly #store: Pick<AuditStore, 'find'>;
  readonly #events: Pick<EventsService, 'publish'>;
  readonly #logger: LoggerService;
  readonly #windowMs: number;
  readonly #listeners = new Set<AuditListener>();
  #ids = new Set<string>();
  #hasMore = false;
  #timer: NodeJS.Timeout | undefined;
  /** The event that is being taken in; entries of a later one are newer, and must not be told of before. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: {
    store: Pick<AuditStore, 'find'>;
    events: Pick<EventsService, 'publish'>;
    logger: LoggerService;
    windowMs?: number;
  }) {
    this.#store = options.store;
    this.#events = options.events;
    this.#logger = options.logger;
    this.#windowMs = options.windowMs ?? WINDOW_MS;
  }

  /** The store, of whose writing is told. */
  noting(store: WrittenStore): WrittenStore {
    return {
      add: async entry => {
        await store.add(entry);
        this.#note(entry.id);
      },
      complete: async (id, result) => {
        await store.complete(id, result);
        this.#note(id);
      },
    };
  }

  /** Tells of all entries from now on, whoever may see them; the answer ends it. */
  listen(listener: AuditListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes in an event, of this or another instance; anybody may have sent it. Never fails. */
  async hear(payload: unknown): Promise<void> {
    if (this.#listeners.size === 0) return;
    const turn = this.#last.then(() => this.#tell(payload));
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  /** What was not announced yet is not any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  async #tell(payload: unknown): Promise<void> {
    const { ids, hasMore } = (payload ?? {}) as Record<string, unknown>;
    const known = (Array.isArray(ids) ? ids : []).filter(
      (id): id is string => typeof id === 'string' && id.length <= ID_LENGTH,
    );
    const isTooMuch = hasMore === true || known.length > MOST_IDS;
    const entries = isTooMuch ? undefined : await this.#read(known);
    if (entries?.length === 0) return;
    for (const listener of [...this.#listeners]) listener(entries);
  }

  #note(id: string) {
    if (this.#ids.size < MOST_IDS) this.#ids.add(id);
    else this.#hasMore = true;
    this.#timer ??= setTimeout(
      () => void this.#announce(),
      this.#windowMs,
    ).unref();
  }

  async #announce() {
    const eventPayload = { ids: [...this.#ids], hasMore: this.#hasMore };
    this.#ids = new Set();
    this.#hasMore = false;
    this.#timer = undefined;
    try {
      await this.#events.publish({ topic: AUDIT_TOPIC, eventPayload });
    } catch (error) {
      this.#logger.warn('Entries of the audit cannot be announced', {
        ...failureLog(error),
      });
    }
  }

  async #read(ids: readonly string[]) {
    try {
      return await this.#store.find(ids);
    } catch (error) {
      this.#logger.warn('Announced entries of the audit cannot be read', {
        ...failureLog(error),
      });
      return undefined;
    }
  }
}
