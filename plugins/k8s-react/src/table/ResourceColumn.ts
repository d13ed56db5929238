import type { ReactNode } from 'react';

/** A column of a {@link ResourceTable}. @public */
export interface ResourceColumn<R> {
  id: string;
  title: string;
  /** Whether the title is only for screen readers and the choice of columns. */
  hiddenTitle?: boolean;
  cell: (row: R) => ReactNode;
  /** How much of the width it gets, relative to the others; default 1. */
  weight?: number;
  align?: 'end';
  /** What it is sorted by in the browser; absent and not `sortable`: it cannot be sorted by. */
  sortValue?: (row: R) => string | number | undefined;
  /** Whether the server sorts by it. */
  sortable?: boolean;
  /** Not shown until chosen. */
  optional?: boolean;
  /** Also shown where there is room for a few columns only. The first column is, unless this is false. */
  phone?: boolean;
}

/** Rows in the order of a column; `-` before its id sorts downwards. Rows without a value come last. @public */
export function sortRows<R>(
  rows: readonly R[],
  options: { columns: readonly ResourceColumn<R>[]; sort: string },
): R[] {
  const down = options.sort.startsWith('-');
  const id = down ? options.sort.slice(1) : options.sort;
  const valueOf = options.columns.find(column => column.id === id)?.sortValue;
  if (!valueOf) return [...rows];
  return [...rows].sort((one, other) => {
    const left = valueOf(one);
    const right = valueOf(other);
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined);
    }
    const order =
      typeof left === 'string' && typeof right === 'string'
        ? left.localeCompare(right, undefined, { numeric: true })
        : Number(left) - Number(right);
    return down ? -order : order;
  });
}
