import type {
  CacheState,
  RequestContext,
  ResourceReader,
  ViewQuery,
  ViewRow,
} from '@backstage-k8s/plugin-k8s-node';

/** A `TopicEvent` of a view; with no rows it only tells that freshness changed. */
export interface ViewChanges {
  type: 'changes';
  rows: readonly ViewRow[];
  /** Keys. */
  deleted: readonly string[];
  cluster: string;
  cache: CacheState;
}

/**
 * A view as a topic tells it: one that is read anew tells which of the rows that were told before are gone, instead of making its
 * readers forget the rows of other clusters. Ends when `context.signal` is aborted.
 *
 * @param options - `told`: keys that were told, kept by who opens the view again after it failed
 */
export async function* followView(
  reader: Pick<ResourceReader, 'watchView'>,
  query: ViewQuery,
  options: {
    context: RequestContext;
    told: Set<string>;
    /** Of the keys of rows; default none. */
    prefix?: string;
  },
): AsyncIterable<ViewChanges> {
  const { context, told, prefix = '' } = options;
  const { cluster } = query;
  let isAnew = true;
  for await (const change of reader.watchView(query, { context })) {
    if (change.type === 'RESET') {
      isAnew = true;
      continue;
    }
    const { cache } = change;
    const rows = change.upserted.map(({ key, json }) => ({
      key: `${prefix}${key}`,
      json,
    }));
    const deleted = change.deleted.map(key => `${prefix}${key}`);
    // While nothing is known yet the rows of before stay; only how fresh they are is told.
    if (isAnew && cache.state !== 'syncing') {
      isAnew = false;
      const present = new Set(rows.map(({ key }) => key));
      for (const key of told) if (!present.has(key)) deleted.push(key);
    }
    for (const key of deleted) told.delete(key);
    for (const { key } of rows) told.add(key);
    yield { type: 'changes', rows, deleted, cluster, cache };
  }
}
