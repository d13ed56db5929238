import { renderInTestApp } from '@backstage/frontend-test-utils';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { CachePage } from './CachePage';
import type { CacheReport } from './CacheRow';
import { clusterRows, kindRows } from './CacheRow';

// The first test waits for what it imports.
jest.setTimeout(60_000);

const SOON = { timeout: 10_000 };

function kind(
  plural: string,
  more: Partial<CacheReport['kinds'][number]> = {},
): CacheReport['kinds'][number] {
  return {
    ...{ cluster: 'eu', group: '', version: 'v1', plural, state: 'live' },
    ...{ objects: 10, packedBytes: 2048, subscribers: 1, lagMs: 1500 },
    ...{ memoryBytes: 4096, keeps: 'objects' },
    ...{ lists: 3, resets: 0, errors: 0, garbage: 0, changes: 7, ...more },
  };
}

const REPORT: CacheReport = {
  kinds: [
    kind('configmaps'),
    kind('pods', { cluster: 'us', objects: 1500, errors: 4, keeps: 'rows' }),
    kind('deployments', {
      ...{ cluster: 'us', group: 'apps', state: 'stale' },
      message: 'The cluster does not answer',
    }),
  ],
  clusters: [
    { cluster: 'eu', calls: 100, callsPerMinute: 12 },
    { cluster: 'us', calls: 50, callsPerMinute: 30 },
  ],
  history: { recorded: 9, dropped: 2, waiting: 0 },
  memory: {
    ...{ ceilingBytes: 1024 ** 3, usedBytes: 900 * 1024 ** 2 },
    ...{ droppedBodies: 3, droppedKinds: 0 },
  },
  process: { memoryBytes: 512 * 1024 * 1024, upSeconds: 7200 },
};
const NOTHING: CacheReport = { ...REPORT, kinds: [], clusters: [] };

const cluster = (id: string, name: string) => ({
  ...{ id, name, status: 'healthy', labels: {}, protected: false },
  ...{ createdAt: '2026-01-01T00:00:00Z', cache: { state: 'live' } },
});

function show(
  report: CacheReport,
  options: { allowed?: boolean; owned?: string; path?: string } = {},
) {
  const { allowed = true, owned, path = '/' } = options;
  const api = fakeK8sApi(
    {
      'GET /cache': () => ({ body: report }),
      'GET /clusters': () => ({
        body: {
          clusters: [cluster('eu', 'prod-eu'), cluster('us', 'prod-us')],
        },
      }),
    },
    {
      access: async review =>
        allowed || (owned && review.cluster === owned)
          ? { allowed: true }
          : { allowed, role: 'K8sAdmin' },
    },
  );
  renderInTestApp(
    <K8sProvider>
      <CachePage />
    </K8sProvider>,
    { apis: [[k8sApiRef, api]], initialRouteEntries: [path] },
  );
  return api;
}

const namesIn = (table: HTMLElement) =>
  within(table)
    .getAllByRole('row')
    .slice(1)
    .map(row => row.textContent);

describe('CachePage', () => {
  it('has totals, clusters and kinds, stale ones first', async () => {
    show(REPORT);
    const kinds = await screen.findByRole('table', { name: 'Kinds' }, SOON);
    await within(kinds).findByText('prod-eu', {}, SOON);
    const rows = namesIn(kinds);
    expect(rows[0]).toMatch(/prod-us.*deployments\.apps.*stale: The cluster/);
    expect(rows[1]).toMatch(/prod-eu.*configmaps/);
    expect(rows[2]).toMatch(/prod-us.*pods.*1,500/);
    const clusters = screen.getByRole('table', { name: 'API servers' });
    expect(namesIn(clusters)[0]).toMatch(/prod-us.*stale.*30/);
    expect(screen.getByText('1,520')).toBeVisible();
    expect(screen.getByText('512 MiB')).toBeVisible();
    expect(screen.getByText('2 dropped')).toBeVisible();
    expect(screen.getByText('Memory of the cache')).toBeVisible();
    expect(screen.getByText('900 MiB')).toBeVisible();
    expect(screen.getByText('of 1 GiB')).toBeVisible();
    expect(screen.getByText(/of a kind dropped 3 times/)).toBeVisible();
    expect(screen.queryByText(/a kind dropped 0 times/)).toBeNull();
    expect(rows[2]).toMatch(/rows only/);
  });

  it('is searched and sorted', async () => {
    show(REPORT);
    const kinds = await screen.findByRole('table', { name: 'Kinds' }, SOON);
    await userEvent.click(
      within(kinds).getByRole('button', { name: /Errors/ }),
    );
    await userEvent.click(
      within(kinds).getByRole('button', { name: /Errors/ }),
    );
    expect(namesIn(kinds)[0]).toMatch(/pods/);
    await userEvent.type(screen.getByRole('searchbox'), 'config');
    await screen.findByText(/1 of 3|1 row/, {}, SOON);
    expect(namesIn(kinds)).toHaveLength(1);
  });

  it('tells who may see nothing which role is missing', async () => {
    show(NOTHING, { allowed: false });
    expect(
      await screen.findByText(/Only administrators see/, {}, SOON),
    ).toBeVisible();
    expect(screen.getByText(/K8sAdmin/)).toBeVisible();
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('shows the owner of a cluster theirs, without totals of others', async () => {
    const { kinds, clusters } = REPORT;
    show({ kinds, clusters }, { allowed: false });
    expect(
      await screen.findByRole('table', { name: 'Kinds' }, SOON),
    ).toBeVisible();
    const totals = screen.getAllByRole('term').map(one => one.textContent);
    expect(totals).toEqual(['Kinds', 'Objects', 'Requests a minute']);
  });

  it.each([
    ['eu', 'Nothing is cached at the moment'],
    ['us', /Only administrators see/],
  ])('tells the owner of eu at %s what is true of it', async (id, words) => {
    const path = `/?cluster=${id}`;
    show(NOTHING, { allowed: false, owned: 'eu', path });
    expect(await screen.findByText(words, {}, SOON)).toBeVisible();
  });

  it('says why there is nothing', async () => {
    show(NOTHING);
    expect(
      await screen.findByText('Nothing is cached at the moment', {}, SOON),
    ).toBeVisible();
  });
});

describe('CacheRow', () => {
  it('sums up the kinds of a cluster, the worst first', () => {
    const [us, eu] = clusterRows(REPORT, new Map([['us', 'prod-us']]));
    expect(us).toMatchObject({
      ...{ name: 'prod-us', state: 'stale', kinds: 2, objects: 1510 },
      ...{ memoryBytes: 8192, errors: 4, callsPerMinute: 30 },
    });
    expect(eu).toMatchObject({ name: 'eu', state: 'live', calls: 100 });
  });

  it('does not count the first list as one that had to be read again', () => {
    const [row] = kindRows({ ...REPORT, kinds: [kind('pods')] }, new Map());
    expect(row.relists).toBe(2);
    const never = { ...REPORT, kinds: [kind('pods', { lists: 0 })] };
    expect(kindRows(never, new Map())[0].relists).toBe(0);
  });
});
