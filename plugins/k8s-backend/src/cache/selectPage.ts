import type { TableQuery, TableResult } from '@backstage-k8s/plugin-k8s-node';
import type { Row } from './Row';
import { selectFound } from './selectFound';
import { selectRows } from './selectRows';

/**
 * One page of the rows: in the order of a list, or what a text is found in.
 *
 * @throws InputError when a selector, the sort or the place of the page cannot be read
 */
export function selectPage(
  rows: Iterable<Row>,
  query: TableQuery,
): Omit<TableResult, 'cache'> {
  const { find } = query;
  return find ? selectFound(rows, { ...query, find }) : selectRows(rows, query);
}
