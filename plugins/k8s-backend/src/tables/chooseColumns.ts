import { InputError } from '@backstage/errors';
import type { ColumnSource } from '@backstage-k8s/plugin-k8s-common';

/**
 * The columns that are asked for, in that order.
 *
 * @param ids - with commas between them; undefined: all columns
 * @throws InputError that names the columns there are
 */
export function chooseColumns(
  columns: readonly ColumnSource[],
  ids: string | undefined,
): readonly ColumnSource[] {
  if (ids === undefined) return columns;
  return [...new Set(ids.split(','))].map(id => {
    const column = columns.find(known => known.id === id);
    if (column) return column;
    const known = columns.map(each => each.id).join(', ') || 'none';
    throw new InputError(`There is no column ${id}; there are: ${known}`);
  });
}
