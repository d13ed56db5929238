import type {
  InfiniteData,
  QueryClient,
  QueryKey,
} from '@tanstack/react-query';

/** A page of entries, newest first; absent `continue`: the last one. */
interface Page {
  entries: { id: string }[];
  continue?: string;
}
/** The pages that were read, newest first; each was asked for by the token of the one before. */
export type Pages<P extends Page> = InfiniteData<P, string | undefined>;

/**
 * The same pages with the first one as it is now. What follows it stays as it was read; where the new page does not reach what
 * was known, the rest is left to be read on.
 */
export function withFirstPage<P extends Page>(
  known: Pages<P>,
  first: P,
): Pages<P> {
  const entries = known.pages.flatMap(page => page.entries);
  const ids = new Set(first.entries.map(({ id }) => id));
  const reached = entries.findLastIndex(({ id }) => ids.has(id));
  const rest = entries.slice(reached + 1);
  if (reached < 0 || rest.length === 0 || !first.continue) {
    return { pages: [first], pageParams: [undefined] };
  }
  const last = known.pages[known.pages.length - 1];
  return {
    pages: [first, { ...last, entries: rest }],
    pageParams: [undefined, first.continue],
  };
}

/** Reads the first page of what is kept under a key again, and no other. Never fails. */
export async function readFirstPage<P extends Page>(
  queries: QueryClient,
  options: { queryKey: QueryKey; read: () => Promise<P> },
): Promise<void> {
  const { queryKey, read } = options;
  const isRead = () =>
    queries.getQueryData(queryKey) !== undefined &&
    queries.isFetching({ queryKey, exact: true }) === 0;
  // What is being read, or failed, is read whole: else one would write over the other.
  const first = isRead() ? await read().catch(() => undefined) : undefined;
  if (first && isRead()) {
    queries.setQueryData<Pages<P>>(
      queryKey,
      known => known && withFirstPage(known, first),
    );
  } else {
    await queries.invalidateQueries({ queryKey });
  }
}
