import type { Row } from '../Row';

/** Gathers what happens to rows until a view is asked for it: of each row only the last counts. */
export class TouchedRows {
  readonly #keyOf: (row: Row) => string;
  /** Undefined: gone. */
  #rows = new Map<string, Row | undefined>();

  /** @param options - `keyOf`: what a row is told apart by */
  constructor(options: { keyOf: (row: Row) => string }) {
    this.#keyOf = options.keyOf;
  }

  changed(row: Row) {
    this.#rows.set(this.#keyOf(row), row);
  }

  deleted(row: Row) {
    this.#rows.set(this.#keyOf(row), undefined);
  }

  /** Forgets what has happened: these rows are all there is. */
  startOver(rows: Iterable<Row>) {
    this.#rows.clear();
    for (const row of rows) this.changed(row);
  }

  /** What was gathered, by key, undefined for what is gone; what happens from now on is for the next time. */
  take(): ReadonlyMap<string, Row | undefined> {
    const taken = this.#rows;
    this.#rows = new Map();
    return taken;
  }
}
