/**
 * The order of rows, as the server has it: by the value of a column, then namespace, then name, all turned round by `-`. Rows
 * that come by the stream find their place by it.
 */
import { parseQuantity } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';

type Row = Schema<'ResourceRow'>;
type Column = Schema<'ResourceColumn'>;
type SortValue = (row: Row) => string | number;

/** What lists are sorted by where nobody chose. */
export const DEFAULT_SORT = 'namespace';

/** Trouble first. */
const HEALTH_RANKS: Record<Row['health']['state'], number> = {
  degraded: 0,
  progressing: 1,
  unknown: 2,
  suspended: 3,
  healthy: 4,
};
/** Before every number that a cell can hold. */
const NO_NUMBER = -Number.MAX_VALUE;

const VALUES: Record<string, SortValue> = {
  name: ({ name }) => name,
  namespace: ({ namespace = '' }) => namespace,
  // The youngest first, as its age is the least.
  age: ({ createdAt = '' }) => -Date.parse(createdAt) || 0,
  health: ({ health }) => HEALTH_RANKS[health.state],
};

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return Array.isArray(cell) ? cell.join(', ') : String(cell);
}

function cellValue(column: Column, index: number): SortValue {
  if (column.type === 'number') {
    return ({ cells }) =>
      typeof cells[index] === 'number' ? (cells[index] as number) : NO_NUMBER;
  }
  if (column.type === 'quantity') {
    return ({ cells }) => parseQuantity(cellText(cells[index])) ?? NO_NUMBER;
  }
  return ({ cells }) => cellText(cells[index]);
}

function order(left: string | number, right: string | number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Compares rows as a list sorted so has them. */
export function resourceOrder(
  columns: readonly Column[],
  sort: string = DEFAULT_SORT,
): (left: Row, right: Row) => number {
  const id = sort.replace(/^-/, '');
  const direction = sort.startsWith('-') ? -1 : 1;
  const index = columns.findIndex(column => column.id === id);
  const valueOf =
    index < 0
      ? VALUES[id] ?? VALUES.namespace
      : cellValue(columns[index], index);
  return (left, right) =>
    direction *
    (order(valueOf(left), valueOf(right)) ||
      order(left.namespace ?? '', right.namespace ?? '') ||
      order(left.name, right.name));
}
