import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** The rows of a list for a table; undefined: a cluster that is read for the first time is not to look like one that has none. */
export function rowsWhenRead<R>(
  list: { rows: R[]; cache: Schema<'CacheState'> } | undefined,
): R[] | undefined {
  const isBeingRead = list?.cache.state === 'syncing';
  return isBeingRead && list?.rows.length === 0 ? undefined : list?.rows;
}
