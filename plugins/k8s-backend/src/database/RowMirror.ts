import type { LoggerService } from '@backstage/backend-plugin-api';
import { within } from '../workloads/within';

/** Milliseconds after which a read is given up: a connection whose other end is gone may say nothing for a quarter of an hour. */
const READ_TIMEOUT_MS = 15_000;

/** A table whose rows have an id and a revision that each change raises. */
export interface RevisedRows<Row> {
  /** Revision by id, of all rows. */
  revisions(): Promise<Map<string, number>>;
  /** These rows by id; one that is gone is left out. */
  load(ids: readonly string[]): Promise<Map<string, Row>>;
}

/** A row that is new or differs (`row`), or is gone (no `row`). */
export interface RowChange<Row> {
  id: string;
  row?: Row;
  previous?: Row;
}

/**
 * Keeps the rows of a table in memory, so that reads go on while the database is away. Every instance asks now and then which
 * revisions changed: the database is the truth, whatever else was heard.
 */
export class RowMirror<Row> {
  readonly #source: RevisedRows<Row>;
  readonly #logger: LoggerService;
  readonly #table: string;
  readonly #onChange: (changes: RowChange<Row>[]) => void;
  #revisions = new Map<string, number>();
  #rows = new Map<string, Row>();
  #running: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isAway = false;
  /** Counts the reads: one that was given up must not undo what a later one found. */
  #turn = 0;

  constructor(options: {
    source: RevisedRows<Row>;
    logger: LoggerService;
    /** For the log. */
    table: string;
    onChange: (changes: RowChange<Row>[]) => void;
  }) {
    this.#source = options.source;
    this.#logger = options.logger;
    this.#table = options.table;
    this.#onChange = options.onChange;
  }

  /** The rows by id, as last read. */
  get rows(): ReadonlyMap<string, Row> {
    return this.#rows;
  }

  /** Reads what changed; what was written before the call is in memory after it. @throws the database's error */
  refresh(): Promise<void> {
    if (!this.#running) {
      this.#running = this.#read().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    // The running one may have looked too early; everybody who waits shares the next.
    this.#waiting ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#waiting = undefined;
        return this.refresh();
      });
    return this.#waiting;
  }

  /** Refreshes without end; a database that is away is logged once. */
  start(intervalMs: number): void {
    const tick = async () => {
      try {
        await this.refresh();
        if (this.#isAway) this.#log('The database answers again');
        this.#isAway = false;
      } catch (error) {
        if (!this.#isAway) {
          this.#log('The database does not answer; reads go on from memory', {
            error: String(error),
          });
        }
        this.#isAway = true;
      }
      if (this.#timer) this.#schedule(tick, intervalMs);
    };
    this.#schedule(tick, intervalMs);
  }

  /** Stops refreshing. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(tick: () => Promise<void>, intervalMs: number) {
    this.#timer = setTimeout(tick, intervalMs);
    this.#timer.unref();
  }

  #log(message: string, meta: Record<string, string> = {}) {
    this.#logger.warn(message, { table: this.#table, ...meta });
  }

  async #read(): Promise<void> {
    this.#turn += 1;
    const isRead = await within(
      this.#readRows(this.#turn).then(() => true),
      READ_TIMEOUT_MS,
    );
    if (!isRead) throw new Error('The database does not answer in time');
  }

  async #readRows(turn: number): Promise<void> {
    const revisions = await this.#source.revisions();
    const changed = [...revisions]
      .filter(([id, revision]) => this.#revisions.get(id) !== revision)
      .map(([id]) => id);
    const gone = [...this.#rows.keys()].filter(id => !revisions.has(id));
    if (changed.length === 0 && gone.length === 0) return;
    const loaded =
      changed.length > 0
        ? await this.#source.load(changed)
        : new Map<string, Row>();
    if (turn !== this.#turn) return;
    const changes: RowChange<Row>[] = [];
    for (const id of [...changed, ...gone]) {
      const row = loaded.get(id);
      const previous = this.#rows.get(id);
      if (row === undefined && previous === undefined) continue;
      changes.push({ id, row, previous });
    }
    this.#rows = new Map([...this.#rows, ...loaded]);
    for (const { id, row } of changes) {
      if (row === undefined) this.#rows.delete(id);
    }
    this.#revisions = revisions;
    this.#onChange(changes);
  }
}
