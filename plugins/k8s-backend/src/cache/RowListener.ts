import type { Row } from './Row';

/** Who is told, at once and in order, of what happens to the rows of a kind. */
export interface RowListener {
  /** A row is new or differs. */
  changed(row: Row, before: Row | undefined): void;
  /** A row is gone. */
  deleted(row: Row): void;
  /** Everything may differ. */
  reset(): void;
  /** How fresh the rows are may have changed. */
  refresh(): void;
  /** Nothing more is told; with an error because of that. */
  close(error?: Error): void;
}
