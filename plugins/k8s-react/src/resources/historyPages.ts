import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { InfiniteData } from '@tanstack/react-query';

type Page = Schema<'ObjectHistory'>;
/** The pages that were read of a history, newest first; each was asked for by the token of the one before. */
export type HistoryPages = InfiniteData<Page, string | undefined>;

/**
 * The same pages with the first one as it is now. What follows it stays as it was read; where the new page does not reach what
 * was known, the rest is left to be read on.
 */
export function withFirstPage(known: HistoryPages, first: Page): HistoryPages {
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
