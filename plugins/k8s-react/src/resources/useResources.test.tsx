import { renderInTestApp } from '@backstage/frontend-test-utils';
import { act, screen, waitFor } from '@testing-library/react';
import { useMemo } from 'react';
import { fakeK8sApi, refusal } from '../__testUtils__/fakeK8sApi';
import type { Answer, SentRequest } from '../__testUtils__/fakeK8sApi';
import { k8sApiRef } from '../api/K8sApi';
import { K8sProvider } from '../data/K8sProvider';
import { useResources } from './useResources';
import type { ResourcesQuery, ResourcesResult } from './useResources';

jest.setTimeout(30_000);

const ROUTE = 'GET /clusters/eu/resources/core/pods';
const TOTAL = 30_000;

const rowOf = (index: number) => ({
  cluster: 'eu',
  namespace: 'shop',
  name: `pod-${String(index).padStart(6, '0')}`,
  uid: `u${index}`,
  resourceVersion: '1',
  createdAt: '2026-01-01T00:00:00Z',
  health: { state: 'healthy' },
  cells: [],
});

/** The back end's answer to one page of a long list; `continue` says at which row it begins. */
function page({ query }: SentRequest): Answer {
  const start = Number(query.continue ?? 0);
  const end = Math.min(start + Number(query.limit), TOTAL);
  return {
    body: {
      columns: [],
      rows: Array.from({ length: end - start }, (_, i) => rowOf(start + i)),
      total: TOTAL,
      ...(end < TOTAL && { continue: String(end) }),
      cache: { state: 'live' },
    },
  };
}

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

function show(
  answer: (request: SentRequest) => Answer | Promise<Answer>,
  asked: ResourcesQuery = { sort: 'name' },
) {
  const fake = fakeK8sApi(answer);
  let list: ResourcesResult | undefined;
  function Probe() {
    const query = useMemo(() => asked, []);
    list = useResources('eu', { group: '', plural: 'pods' }, query);
    const { data, moreError } = list;
    return (
      <p>
        {data ? `${data.rows.length} of ${data.total}` : 'nothing yet'}{' '}
        {moreError?.message}
      </p>
    );
  }
  renderInTestApp(
    <K8sProvider>
      <Probe />
    </K8sProvider>,
    { apis: [[k8sApiRef, fake.api]] },
  );
  return {
    ...fake,
    reads: () => fake.sent.filter(({ route }) => route === ROUTE),
    list: () => list!,
  };
}

describe('useResources', () => {
  it('reads one page, and on when its end comes into sight', async () => {
    const { reads, list } = show(page);
    expect(await screen.findByText('200 of 30000')).toBeInTheDocument();
    act(() => list().reach(40));
    act(() => list().reach(150));
    expect(await screen.findByText('400 of 30000')).toBeInTheDocument();
    expect(
      reads().map(({ query }) => [query.limit, query.continue, query.sort]),
    ).toEqual([
      ['200', undefined, 'name'],
      ['200', '200', 'name'],
    ]);
  });

  it('gets to the end of a long list in a few large pages', async () => {
    const { reads, list } = show(page);
    await screen.findByText('200 of 30000');
    act(() => list().reach(TOTAL - 1));
    expect(await screen.findByText('30000 of 30000')).toBeInTheDocument();
    expect(reads()).toHaveLength(4);
    expect(list().data?.rows.at(-1)?.name).toBe('pod-029999');
  });

  it('begins anew when the place of the next page is not known any more', async () => {
    let isForgotten = true;
    const { reads, list } = show(request => {
      if (request.query.continue === '200' && isForgotten) {
        isForgotten = false;
        return refusal(410, 'too old');
      }
      return page(request);
    });
    await screen.findByText('200 of 30000');
    act(() => list().reach(450));
    // As many rows as are in sight, at once.
    expect(await screen.findByText('600 of 30000')).toBeInTheDocument();
    expect(reads().map(({ query }) => query.limit)).toEqual([
      '200',
      '400',
      '600',
    ]);
  });

  it('keeps what it has when the next page cannot be read, and says why', async () => {
    let isAway = true;
    const { list } = show(request =>
      request.query.continue && isAway ? refusal(503, 'away') : page(request),
    );
    await screen.findByText('200 of 30000');
    act(() => list().reach(199));
    expect(await screen.findByText('200 of 30000 away')).toBeInTheDocument();
    isAway = false;
    act(() => list().reach(199));
    expect(await screen.findByText('400 of 30000')).toBeInTheDocument();
  });

  it('follows the stream, and reads again when it says so', async () => {
    const { tell, reads, list } = show(page);
    await screen.findByText('200 of 30000');
    act(() =>
      tell('resources', {
        type: 'changes',
        upserted: [{ ...rowOf(7), resourceVersion: '2' }],
        deleted: ['shop/pod-000003'],
      }),
    );
    expect(await screen.findByText('199 of 29999')).toBeInTheDocument();
    expect(
      list().data?.rows.find(({ uid }) => uid === 'u7')?.resourceVersion,
    ).toBe('2');
    const cache = { state: 'stale', message: 'Raise the memory' } as const;
    act(() =>
      tell('resources', { type: 'changes', upserted: [], deleted: [], cache }),
    );
    await waitFor(() => expect(list().data?.cache).toEqual(cache));
    expect(screen.getByText('199 of 29999')).toBeInTheDocument();
    act(() => tell('resources', { type: 'reset' }));
    await waitFor(() => expect(reads()).toHaveLength(2));
    expect(await screen.findByText('200 of 30000')).toBeInTheDocument();
    expect(list().data?.cache).toEqual({ state: 'live' });
  });

  it('reads once more after a first read during which the stream begins', async () => {
    const answers: (() => void)[] = [];
    const { tell, reads } = show(
      request =>
        new Promise<Answer>(resolve =>
          answers.push(() => resolve(page(request))),
        ),
    );
    await waitFor(() => expect(answers).toHaveLength(1));
    await act(async () => {
      tell('resources', { type: 'reset' });
      await sleep(50);
    });
    expect(reads()).toHaveLength(1);
    await act(async () => answers[0]());
    expect(await screen.findByText('200 of 30000')).toBeInTheDocument();
    await waitFor(() => expect(reads()).toHaveLength(2));
    await act(async () => answers[1]());
    expect(reads()[1].query.continue).toBeUndefined();
  });

  it('takes in what is told while the next page is read', async () => {
    let answerPage: (() => void) | undefined;
    const { tell, list } = show(request =>
      request.query.continue
        ? new Promise<Answer>(resolve => {
            answerPage = () => resolve(page(request));
          })
        : page(request),
    );
    await screen.findByText('200 of 30000');
    act(() => list().reach(199));
    await waitFor(() => expect(answerPage).toBeDefined());
    act(() =>
      tell('resources', {
        type: 'changes',
        upserted: [{ ...rowOf(250), resourceVersion: '2' }],
        deleted: ['shop/pod-000300'],
      }),
    );
    await act(async () => answerPage!());
    expect(await screen.findByText('399 of 29999')).toBeInTheDocument();
    const rows = list().data!.rows;
    expect(rows.some(({ uid }) => uid === 'u300')).toBe(false);
    expect(rows.find(({ uid }) => uid === 'u250')?.resourceVersion).toBe('2');
  });

  it('asks which rows a field selector chooses, and guesses none', async () => {
    let total = 1;
    const { tell, reads } = show(
      () => ({
        body: {
          columns: [],
          rows: Array.from({ length: total }, (_, index) => rowOf(index)),
          ...{ total, cache: { state: 'live' } },
        },
      }),
      { fieldSelector: 'node=n1' },
    );
    expect(await screen.findByText('1 of 1')).toBeInTheDocument();
    act(() =>
      tell('resources', {
        type: 'changes',
        upserted: [rowOf(7)],
        deleted: [],
      }),
    );
    expect(screen.getByText('1 of 1')).toBeInTheDocument();
    total = 2;
    expect(await screen.findByText('2 of 2')).toBeInTheDocument();
    expect(reads()).toHaveLength(2);
  });
});
