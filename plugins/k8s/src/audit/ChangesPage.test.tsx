import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import type { K8sApi } from '@backstage-k8s/plugin-k8s-react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import type { FakeRoutes } from '../__testUtils__/fakeK8sApi';
import { K8sRoot } from '../routing/K8sRoot';
import { ChangesPage } from './ChangesPage';
import { ChangesTable } from './ChangesTable';

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(30_000);
/** What is told of is read after a second. */
const SOON = { timeout: 10_000 };

type AuditEntry = Schema<'AuditEntry'>;

const scaled: AuditEntry = {
  id: 'e1',
  at: '2026-01-02T03:04:05.000Z',
  actor: 'user:default/ada',
  action: 'deployment.scale',
  outcome: 'succeeded',
  cluster: 'c1',
  clusterName: 'dev-eu',
  resource: {
    group: 'apps',
    plural: 'deployments',
    namespace: 'shop',
    name: 'cart',
  },
  details: { replicas: 5 },
  durationMs: 1500,
  requestId: 'request-1',
};
const refused: AuditEntry = {
  id: 'e2',
  at: '2026-01-01T00:00:00.000Z',
  actor: 'plugin:scaffolder',
  action: 'namespace.delete',
  outcome: 'refused',
  reason: 'Needs K8sOperator',
  cluster: 'c1',
  clusterName: 'dev-eu',
  resource: { group: '', plural: 'namespaces', name: 'shop' },
};

const page = (
  entries: AuditEntry[],
  rest: { continue?: string; scope?: 'all' | 'clusters' | 'own' } = {},
) => ({ body: { entries, scope: rest.scope ?? 'all', ...rest } });

function open(
  routes: FakeRoutes,
  options: { path?: string; element?: JSX.Element } = {},
) {
  const fake = fakeK8sApi({
    'GET /clusters': () => ({ body: { clusters: [] } }),
    ...routes,
  });
  type Subscribe = K8sApi['subscribe'];
  const subscribe = jest.fn<() => void, Parameters<Subscribe>>(() => () => {});
  const api = { ...fake, subscribe };
  renderInTestApp(<K8sRoot>{options.element ?? <ChangesPage />}</K8sRoot>, {
    apis: [[k8sApiRef, api]],
    initialRouteEntries: [options.path ?? '/'],
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
  });
  const asked = () =>
    api.sent
      .filter(({ route }) => route === 'GET /audit')
      .map(({ query }) => query);
  const tell = (entries: AuditEntry[]) =>
    act(() => {
      for (const [{ topic }, observer] of subscribe.mock.calls) {
        if (topic !== 'audit') continue;
        observer({ type: 'changes', upserted: entries, deleted: [] });
      }
    });
  return { asked, tell, subscribe };
}

async function rowOf(words: string) {
  return (await screen.findByText(words)).closest('tr')!;
}

it('shows in words who did what, where, with which result, and for how long', async () => {
  open({ 'GET /audit': () => page([scaled, refused]) });
  const done = await rowOf('Scale cart to 5 replicas');
  expect(within(done).getByRole('link', { name: 'ada' })).toHaveAttribute(
    'href',
    '/catalog/default/user/ada',
  );
  expect(within(done).getByRole('link', { name: 'dev-eu' })).toHaveAttribute(
    'href',
    expect.stringMatching(/\/clusters\/c1$/),
  );
  expect(within(done).getByRole('link', { name: 'shop/cart' })).toHaveAttribute(
    'href',
    expect.stringMatching(
      /\/clusters\/c1\/object\/apps\/deployments\/shop\/cart$/,
    ),
  );
  expect(within(done).getByText('done')).toBeInTheDocument();
  expect(within(done).getByText('1.5 s')).toBeInTheDocument();
  expect(done.querySelector('time')).toHaveAttribute('dateTime', scaled.at);

  const other = await rowOf('Delete the namespace shop');
  expect(other).toHaveTextContent('refused: Needs K8sOperator');
  expect(within(other).queryByRole('link', { name: /scaffolder/ })).toBeNull();
});

it('shows what is new, and what has ended, by itself and with the filter', async () => {
  const started: AuditEntry = {
    ...{ ...scaled, id: 'e3', at: '2026-01-03T00:00:00.000Z' },
    ...{ outcome: 'pending', details: { replicas: 7 } },
  };
  let entries = [refused];
  const { asked, tell, subscribe } = open(
    { 'GET /audit': () => page(entries) },
    { path: '/?cluster=c1' },
  );
  await rowOf('Delete the namespace shop');
  expect(subscribe).toHaveBeenCalledWith(
    { topic: 'audit', cluster: 'c1' },
    expect.anything(),
  );
  entries = [started, refused];
  tell([started]);
  const row = await screen.findByText('Scale cart to 7 replicas', {}, SOON);
  expect(row.closest('tr')).not.toHaveTextContent('done');
  entries = [{ ...started, outcome: 'succeeded' }, refused];
  tell(entries.slice(0, 1));
  await waitFor(
    () => expect(row.closest('tr')).toHaveTextContent('done'),
    SOON,
  );
  for (const { cluster } of asked()) expect(cluster).toBe('c1');
});

it.each([
  ['all', /by everybody/],
  ['clusters', /clusters that you own/],
  ['own', /Only your own/],
] as const)('says that it shows the scope %s', async (scope, words) => {
  open({ 'GET /audit': () => page([scaled], { scope }) });
  expect(await screen.findByText(words)).toBeInTheDocument();
});

it('asks for what the address says', async () => {
  const { asked } = open(
    { 'GET /audit': () => page([scaled]) },
    {
      path: '/?who=ada&action=deployment.scale&cluster=c1&result=succeeded&search=cart&when=custom&from=2026-01-01T00:00:00.000Z&to=2026-02-01T00:00:00.000Z',
    },
  );
  await rowOf('Scale cart to 5 replicas');
  expect(asked()[0]).toEqual({
    actor: 'user:default/ada',
    action: 'deployment.scale',
    cluster: 'c1',
    outcome: 'succeeded',
    search: 'cart',
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-02-01T00:00:00.000Z',
    limit: '100',
  });
  expect(screen.getByLabelText('From')).toBeInTheDocument();
});

it('is kept to one cluster where it is that cluster’s', async () => {
  const { asked } = open(
    { 'GET /audit': () => page([scaled]) },
    { element: <ChangesTable cluster="c1" />, path: '/?cluster=c2' },
  );
  await rowOf('Scale cart to 5 replicas');
  expect(asked()[0].cluster).toBe('c1');
  expect(screen.queryByRole('button', { name: /which cluster/ })).toBeNull();
  expect(screen.queryByRole('link', { name: 'dev-eu' })).toBeNull();
});

it('filters by result', async () => {
  const { asked } = open({
    'GET /audit': ({ query }) =>
      page(
        [scaled, refused].filter(
          ({ outcome }) => !query.outcome || outcome === query.outcome,
        ),
      ),
  });
  await rowOf('Scale cart to 5 replicas');
  await userEvent.click(
    screen.getByRole('button', { name: /With which result/ }),
  );
  await userEvent.click(await screen.findByRole('option', { name: 'refused' }));
  await waitFor(() => expect(screen.queryByText(/Scale cart/)).toBeNull());
  expect(screen.getByText('Delete the namespace shop')).toBeInTheDocument();
  expect(asked().at(-1)?.outcome).toBe('refused');
});

it('names the cluster of a change that was refused before it was looked up', async () => {
  const { clusterName: _, ...early } = refused;
  open({
    'GET /audit': () => page([early]),
    'GET /clusters': () => ({
      body: { clusters: [{ id: 'c1', name: 'dev-eu' }] },
    }),
  });
  const row = await rowOf('Delete the namespace shop');
  expect(
    await within(row).findByRole('link', { name: 'dev-eu' }),
  ).toHaveAttribute('href', expect.stringMatching(/\/clusters\/c1$/));
});

it('unfolds what is known of a change, by keyboard too', async () => {
  open({ 'GET /audit': () => page([scaled]) });
  const toggle = await screen.findByRole('button', {
    name: 'Details of: Scale cart to 5 replicas',
  });
  expect(toggle).toHaveAttribute('aria-expanded', 'false');
  toggle.focus();
  await userEvent.keyboard('{Enter}');
  expect(await screen.findByLabelText('Details')).toHaveTextContent(
    '"replicas": 5',
  );
  expect(screen.getByText('request-1')).toBeInTheDocument();
  expect(
    screen.getByRole('button', { name: 'Copy Request id' }),
  ).toBeInTheDocument();
  expect(screen.getByRole('button', { name: /Details of/ })).toHaveAttribute(
    'aria-expanded',
    'true',
  );
});

it('loads what is earlier', async () => {
  const { asked } = open({
    'GET /audit': ({ query }) =>
      query.continue ? page([refused]) : page([scaled], { continue: 'next' }),
  });
  await userEvent.click(
    await screen.findByRole('button', { name: 'Show more' }),
  );
  await rowOf('Delete the namespace shop');
  expect(screen.getByText('Scale cart to 5 replicas')).toBeInTheDocument();
  expect(asked().at(-1)?.continue).toBe('next');
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
});

describe('the export', () => {
  const files: Blob[] = [];
  beforeEach(() => {
    files.length = 0;
    URL.createObjectURL = jest.fn(blob => {
      files.push(blob as Blob);
      return 'blob:file';
    });
    URL.revokeObjectURL = jest.fn();
    jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(() => {});
  });
  afterEach(() => jest.restoreAllMocks());

  const start = async () =>
    userEvent.click(
      await screen.findByRole('button', { name: 'Export as CSV' }),
    );

  it('holds all that is filtered, not only what is in sight', async () => {
    const { asked } = open(
      {
        'GET /audit': ({ query }) =>
          query.continue
            ? page([refused])
            : page([scaled], { continue: 'next' }),
      },
      { path: '/?search=shop' },
    );
    await start();
    expect(await screen.findByText('2 changes were exported.')).toBeVisible();
    expect(files).toHaveLength(1);
    expect(asked().slice(1)).toEqual([
      { search: 'shop', limit: '500' },
      { search: 'shop', limit: '500', continue: 'next' },
    ]);
  });

  it('ends at its bound and says so', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...scaled,
      id: `e${index}`,
    }));
    const { asked } = open({
      'GET /audit': ({ query }) =>
        query.limit === '500'
          ? page(many, { continue: 'more' })
          : page([scaled]),
    });
    await start();
    expect(
      await screen.findByText(/Only the newest 10000 changes were exported/),
    ).toBeVisible();
    expect(asked().filter(({ limit }) => limit === '500')).toHaveLength(20);
  });

  it('gives no file when a page fails', async () => {
    open({
      'GET /audit': ({ query }) =>
        query.limit === '500'
          ? { status: 500, error: { name: 'Error', message: 'Broken' } }
          : page([scaled]),
    });
    await start();
    expect(await screen.findByText('Broken', { exact: false })).toBeVisible();
    expect(files).toEqual([]);
  });
});

it('says what would be here when there is nothing', async () => {
  open({ 'GET /audit': () => page([]) });
  expect(
    await screen.findByRole('heading', { name: 'Nothing was changed yet' }),
  ).toBeInTheDocument();
});

it('offers to clear filters that match nothing', async () => {
  const { asked } = open(
    { 'GET /audit': ({ query }) => page(query.search ? [] : [scaled]) },
    { path: '/?search=nothing' },
  );
  await userEvent.click(
    await screen.findByRole('button', { name: 'Clear filters' }),
  );
  await rowOf('Scale cart to 5 replicas');
  expect(asked().at(-1)).not.toHaveProperty('search');
});

it('says what failed and tries again', async () => {
  let isBroken = true;
  open({
    'GET /audit': () =>
      isBroken
        ? { status: 400, error: { name: 'InputError', message: 'Broken' } }
        : page([scaled]),
  });
  expect(await screen.findByRole('alert')).toHaveTextContent('Broken');
  isBroken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await rowOf('Scale cart to 5 replicas');
});
