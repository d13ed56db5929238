import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { withFirstPage } from './firstPage';
import type { Pages } from './firstPage';

type Page = Schema<'ObjectHistory'>;
type HistoryPages = Pages<Page>;

const page = (ids: string[], next?: string): Page => ({
  entries: ids.map(id => ({
    ...{ id, at: '2026-01-01T00:00:00Z', uid: 'u' },
    ...{ type: 'changed' as const, by: 'outside' as const },
    ...{ managers: [], changes: [], omitted: 0 },
  })),
  recording: { kept: 'values', retentionDays: 7, always: false, spans: [] },
  continue: next,
});
const idsOf = ({ pages }: HistoryPages) =>
  pages.map(({ entries }) => entries.map(({ id }) => id).join(''));
const tokenOf = ({ pages }: HistoryPages) => pages.at(-1)?.continue;

const KNOWN: HistoryPages = {
  pages: [page(['f', 'e'], 'e'), page(['d', 'c'], 'c'), page(['b'], 'b')],
  pageParams: [undefined, 'e', 'c'],
};

test.each<[string, Page, string[], string | undefined]>([
  ['nothing new', page(['f', 'e'], 'e'), ['fe', 'dcb'], 'b'],
  ['something new', page(['g', 'f'], 'f'), ['gf', 'edcb'], 'b'],
  [
    'another one in place of a known',
    page(['x', 'e'], 'e'),
    ['xe', 'dcb'],
    'b',
  ],
  ['more than is known', page(['i', 'h'], 'h'), ['ih'], 'h'],
  ['all there is', page(['g']), ['g'], undefined],
  ['what reaches the end', page(['c', 'b'], 'b'), ['cb'], 'b'],
])('with %s', (_, first, ids, token) => {
  const next = withFirstPage(KNOWN, first);
  expect(idsOf(next)).toEqual(ids);
  expect(tokenOf(next)).toBe(token);
  expect(next.pageParams).toHaveLength(ids.length);
});
