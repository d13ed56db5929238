import type {
  ListResult,
  ReadOptions,
  ResourceQuery,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';

/**
 * All objects of a query, for whoever cannot say that some are still to come: where the cache's first list still arrives, the API server
 * is asked.
 *
 * @throws what a list throws
 */
export async function listWhole(
  reader: Pick<ResourceReader, 'list'>,
  query: ResourceQuery,
  options: ReadOptions,
): Promise<ListResult> {
  const known = await reader.list(query, options);
  if (known.cache.state !== 'syncing') return known;
  return reader.list(query, { ...options, live: true });
}
