import { renderInTestApp } from '@backstage/frontend-test-utils';
import type { Kind, ResourceRow } from '@backstage-k8s/plugin-k8s-common';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes, useLocation } from 'react-router-dom';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import type {
  FakeAnswer,
  FakeRoutes,
  SentRequest,
} from '../__testUtils__/fakeK8sApi';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import { KindTab } from './KindTab';

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(60_000);

const SOON = { timeout: 10_000 };

const CLUSTER: ClusterDetail = {
  id: 'eu',
  name: 'prod-eu',
  status: 'healthy',
  labels: {},
  protected: false,
  createdAt: '2026-01-01T00:00:00Z',
  nodes: [],
  server: 'https://eu:6443',
  authentication: { type: 'token' },
  cache: { state: 'live' },
};

const ALL_VERBS = ['get', 'list', 'watch', 'create', 'patch', 'delete'];

const WIDGETS: Kind = {
  group: 'example.org',
  version: 'v1',
  versions: ['v1'],
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
  category: 'custom',
  custom: true,
  verbs: ALL_VERBS,
  shortNames: [],
  actions: ['scale'],
  columns: [
    { id: 'size', title: 'Size', type: 'number' },
    { id: 'memory', title: 'Memory', type: 'quantity' },
    { id: 'parts', title: 'Parts', type: 'list' },
    { id: 'color', title: 'Color', type: 'text', wide: true },
  ],
};
const GADGETS: Kind = {
  ...WIDGETS,
  plural: 'gadgets',
  kind: 'Gadget',
  columns: [],
};

const rowOf = (name: string, part: Partial<ResourceRow> = {}): ResourceRow => ({
  cluster: 'eu',
  namespace: 'shop',
  name,
  uid: name,
  resourceVersion: '1',
  createdAt: '2026-01-01T00:00:00Z',
  health: { state: 'healthy' },
  cells: [3, '1536Mi', ['a', 'b'], 'red'],
  ...part,
});

const LIST = 'GET /clusters/eu/resources/example.org/widgets';

const DEPLOYMENTS: Kind = {
  ...WIDGETS,
  group: 'apps',
  plural: 'deployments',
  kind: 'Deployment',
  category: 'workload',
  custom: false,
  actions: ['scale', 'restart', 'pause', 'resume', 'rollback'],
  columns: [
    { id: 'ready', title: 'Ready', type: 'text' },
    { id: 'images', title: 'Images', type: 'list', wide: true },
  ],
};

function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="address">{pathname + search}</output>;
}

function show(
  options: {
    path?: string;
    rows?: ResourceRow[];
    list?: (request: SentRequest) => FakeAnswer;
    kinds?: FakeAnswer;
    routes?: FakeRoutes;
    allowed?: boolean;
  } = {},
) {
  const { path = 'custom/example.org/widgets', rows = [], allowed } = options;
  const cache = { state: 'live' };
  const api = fakeK8sApi(
    {
      'GET /clusters/eu/kinds': () =>
        options.kinds ?? {
          body: { kinds: [GADGETS, WIDGETS, DEPLOYMENTS], cache },
        },
      'GET /clusters/eu/namespaces': () => ({
        body: { namespaces: [], cache },
      }),
      [LIST]: options.list
        ? options.list
        : () => ({
            body: {
              columns: WIDGETS.columns,
              rows,
              total: rows.length,
              health: { degraded: 1, healthy: 1 },
              cache,
            },
          }),
      ...options.routes,
    },
    {
      access: allowed === false ? { allowed, role: 'K8sOperator' } : undefined,
    },
  );
  renderInTestApp(
    <K8sProvider>
      <Address />
      <Routes>
        {(['custom', 'workloads'] as const).flatMap(place =>
          [place, `${place}/:group/:plural`].map(one => (
            <Route
              key={one}
              path={`/k8s/clusters/eu/${one}`}
              element={<KindTab cluster={CLUSTER} place={place} />}
            />
          )),
        )}
        <Route path="*" element={<p>another page</p>} />
      </Routes>
    </K8sProvider>,
    {
      apis: [[k8sApiRef, api]],
      initialRouteEntries: [`/k8s/clusters/eu/${path}`],
    },
  );
  return {
    api,
    lists: () => api.sent.filter(({ route }) => route === LIST),
  };
}

const address = () => screen.getByLabelText('address').textContent;
const heads = () =>
  screen.getAllByRole('columnheader').map(({ textContent }) => textContent);

describe('KindTab', () => {
  it('begins with the first kind, and keeps the namespace', async () => {
    show({ path: 'custom?namespace=shop', rows: [] });
    await waitFor(() =>
      expect(address()).toBe(
        '/k8s/clusters/eu/custom/example.org/gadgets?namespace=shop',
      ),
    );
  });

  it.each([
    ['does not answer', ALL_VERBS, 'prod-eu does not answer. This is how'],
    ['tells no changes', ['get', 'list'], 'This is how'],
  ])('says of a cluster that it %s', async (_, verbs, begin) => {
    const asOf = '2026-01-01T00:00:00Z';
    const cache = { state: 'stale', asOf, message: 'For a reason' };
    show({
      kinds: {
        body: { kinds: [{ ...WIDGETS, verbs }], cache: { state: 'live' } },
      },
      list: () => ({ body: { columns: [], rows: [], total: 0, cache } }),
    });
    const banner = await screen.findByText(/This is how it was/, {}, SOON);
    expect(banner.textContent).toMatch(new RegExp(`^${begin}`));
    expect(screen.getByText('For a reason')).toBeInTheDocument();
  });

  it('shows a kind that nobody has heard of with its columns', async () => {
    show({ rows: [rowOf('one')] });
    const row = await screen.findByRole('row', { name: /one/ }, SOON);
    expect(heads()).toEqual([
      ...['Name', 'Namespace', 'Health', 'Size', 'Memory', 'Parts'],
      ...['Age', 'Actions'],
    ]);
    const cells = within(row)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent);
    expect(cells.slice(0, 6)).toEqual([
      ...['one', 'shop', 'healthy', '3', '1.5 GiB', 'a, b'],
    ]);
    // The exact one on hover.
    expect(within(row).getByTitle('1536Mi')).toBeInTheDocument();
    expect(within(row).getByRole('link', { name: 'one' })).toHaveAttribute(
      'href',
      '/k8s/clusters/eu/object/example.org/widgets/shop/one',
    );
  });

  it('asks for trouble first, says how much there is, and why', async () => {
    const { lists } = show({
      rows: [
        rowOf('bad', {
          health: { state: 'degraded', word: 'Broken', reason: 'No size.' },
        }),
        rowOf('good'),
      ],
    });
    const row = await screen.findByRole('row', { name: /bad/ }, SOON);
    expect(row).toHaveTextContent('Broken · No size.');
    expect(screen.getByText('1 degraded')).toBeInTheDocument();
    expect(lists()[0].query).toEqual({ sort: 'health', limit: '200' });
  });

  it('says of deployments how their rollout is, and why it is stuck', async () => {
    const cells = ['0/3', ['registry.example/shop/pay:1.8.3']];
    const progressing = { state: 'progressing' as const, word: 'Progressing' };
    const { api } = show({
      path: 'workloads/apps/deployments?namespace=shop',
      routes: {
        'GET /clusters/eu/resources/apps/deployments': () => ({
          body: {
            columns: DEPLOYMENTS.columns,
            rows: [
              rowOf('stuck', { cells, health: progressing }),
              // Of which no more is known than its own row says.
              rowOf('unknown', {
                cells,
                health: { ...progressing, reason: '0 of 3 pods.' },
              }),
              rowOf('going', { cells, health: progressing, deleting: true }),
              rowOf('zero', {
                cells,
                health: { state: 'suspended', word: 'ScaledDown' },
              }),
              rowOf('fine', {
                cells,
                health: { state: 'healthy', word: 'Available' },
              }),
            ],
            total: 5,
            health: { progressing: 3, suspended: 1, healthy: 1 },
            cache: { state: 'live' },
          },
        }),
        'GET /clusters/eu/views/rollouts': () => ({
          body: {
            rows: ['stuck', 'going'].map(name => ({
              ...{ namespace: 'shop', name },
              rollout: {
                state: 'stuck',
                reason: 'None of 3 pods is ready: no such image.',
                since: '2026-01-01T00:00:00Z',
              },
            })),
            total: 2,
            cache: { state: 'live' },
          },
        }),
      },
    });
    const row = await screen.findByRole('row', { name: /stuck/ }, SOON);
    await waitFor(() =>
      expect(row).toHaveTextContent(/stuck .*: None of 3 pods is ready/),
    );
    expect(row).toHaveTextContent('0/3');
    expect(row).toHaveTextContent('1.8.3');
    // The counts agree with the rows.
    expect(screen.getByText('1 degraded')).toBeInTheDocument();
    expect(screen.getByText('2 in progress')).toBeInTheDocument();
    const textOf = (name: string) =>
      screen.getByRole('row', { name: new RegExp(`^${name}`) });
    expect(textOf('unknown')).toHaveTextContent('Progressing · 0 of 3 pods.');
    expect(textOf('going')).toHaveTextContent('being deleted');
    expect(textOf('zero')).toHaveTextContent('scaled to 0');
    expect(textOf('fine')).toHaveTextContent('complete');
    await userEvent.click(
      screen.getByRole('button', { name: 'Actions of zero' }),
    );
    // Nobody has paused it.
    const items = await screen.findAllByRole('menuitem');
    expect(items.map(({ textContent }) => textContent)).toEqual([
      ...['Open', 'Edit YAML', 'Scale', 'Restart', 'Pause rollout'],
      ...['Roll back', 'Delete'],
    ]);
    const asked = api.sent.find(({ route }) => route.endsWith('/rollouts'));
    expect(asked?.query).toEqual({ namespace: 'shop' });
  });

  it('asks of other kinds for no rollouts', async () => {
    const { api } = show({ rows: [rowOf('one')] });
    await screen.findByRole('row', { name: /one/ }, SOON);
    expect(api.sent.map(({ route }) => route)).not.toContainEqual(
      expect.stringContaining('/views/'),
    );
  });

  it('searches, selects and sorts on the server, by the address', async () => {
    const { lists } = show({
      path: 'custom/example.org/widgets?namespace=shop&search=on&labels=a%3Db&sort=-size',
      rows: [rowOf('one')],
    });
    await screen.findByRole('row', { name: /one/ }, SOON);
    expect(lists()[0].query).toEqual({
      namespace: 'shop',
      search: 'on',
      labelSelector: 'a=b',
      sort: '-size',
      limit: '200',
    });
    await userEvent.click(screen.getByRole('button', { name: 'Size' }));
    await waitFor(() => expect(lists().at(-1)?.query.sort).toBe('size'));
    await userEvent.type(screen.getByLabelText('Label selector'), ',c=d');
    await waitFor(
      () => expect(lists().at(-1)?.query.labelSelector).toBe('a=b,c=d'),
      SOON,
    );
    expect(new URL(`http://x${address()}`).searchParams.get('labels')).toBe(
      'a=b,c=d',
    );
  });

  it('says what is wrong with a selector, and lets it be mended', async () => {
    show({
      path: 'custom/example.org/widgets?labels=%3D',
      list: ({ query }) =>
        query.labelSelector
          ? {
              status: 400,
              error: { name: 'InputError', message: 'The selector is odd' },
            }
          : {
              body: {
                ...{ columns: [], rows: [rowOf('one')], total: 1 },
                cache: { state: 'live' },
              },
            },
    });
    expect(await screen.findByRole('alert', {}, SOON)).toHaveTextContent(
      'The selector is odd',
    );
    await userEvent.clear(screen.getByLabelText('Label selector'));
    expect(
      await screen.findByRole('row', { name: /one/ }, SOON),
    ).toBeInTheDocument();
  });

  it('goes from the row to the object, its YAML and its actions by keyboard', async () => {
    show({ rows: [rowOf('one'), rowOf('two')] });
    await screen.findByRole('row', { name: /one/ }, SOON);
    await userEvent.keyboard('jje');
    expect(address()).toBe(
      '/k8s/clusters/eu/object/example.org/widgets/shop/two/yaml',
    );
  });

  it('offers in the menu of a row what its kind can', async () => {
    show({ rows: [rowOf('one')] });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Actions of one' }, SOON),
    );
    const items = await screen.findAllByRole('menuitem');
    expect(items.map(({ textContent }) => textContent)).toEqual([
      ...['Open', 'Edit YAML', 'Scale', 'Delete'],
    ]);
    await userEvent.click(screen.getByRole('menuitem', { name: 'Delete' }));
    expect(
      await screen.findByRole('heading', { name: 'Delete Widget one' }),
    ).toBeInTheDocument();
  });

  it('says who may, where one may not', async () => {
    show({ rows: [rowOf('one')], allowed: false });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Actions of one' }, SOON),
    );
    expect(
      await screen.findByText(/Needs K8sOperator/, {}, SOON),
    ).toBeInTheDocument();
    const item = screen.getByRole('menuitem', { name: 'Delete' });
    expect(item).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getByRole('menuitem', { name: 'Open' })).not.toHaveAttribute(
      'aria-disabled',
    );
  });

  it('says what would be here, and how to make it', async () => {
    show({ rows: [] });
    expect(
      await screen.findByText('No Widget here', {}, SOON),
    ).toBeInTheDocument();
    expect(screen.queryByRole('table')).toBeNull();
    expect(
      screen.getByRole('button', { name: 'Create Widget' }),
    ).toBeInTheDocument();
  });

  it('says that a kind is not there, and leads to those that are', async () => {
    show({ path: 'custom/gone.example.org/things' });
    expect(
      await screen.findByText(/prod-eu has no kind things.gone/, {}, SOON),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Widget' })).toBeInTheDocument();
  });

  it('leads to the tab that a kind is in', async () => {
    const { lists } = show({
      path: 'workloads/example.org/widgets?namespace=shop&sort=name',
    });
    await waitFor(() => expect(lists()).toHaveLength(1), SOON);
    expect(address()).toBe(
      '/k8s/clusters/eu/custom/example.org/widgets?namespace=shop&sort=name',
    );
  });

  it('shows no age where the API server does not say it', async () => {
    show({ rows: [rowOf('made-up', { createdAt: undefined })] });
    const row = await screen.findByRole('row', { name: /made-up/ }, SOON);
    expect(row).toHaveTextContent('–');
    expect(within(row).queryByText(/ d$/)).toBeNull();
  });

  it('says why kinds could not be read', async () => {
    show({
      kinds: {
        status: 404,
        error: { name: 'NotFoundError', message: 'no such cluster' },
      },
    });
    expect(await screen.findByRole('alert', {}, SOON)).toHaveTextContent(
      'no such cluster',
    );
  });
});
