import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { act, screen, waitFor, within } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import type { FakeAnswer } from '../__testUtils__/fakeK8sApi';
import { ClusterPage } from './ClusterPage';

// A page with all its parts takes seconds on a busy machine.
jest.setTimeout(30_000);

const SOON = { timeout: 10_000 };

const minutesAgo = (minutes: number) =>
  new Date(Date.now() - minutes * 60_000).toISOString();

const LIVE: Schema<'CacheState'> = { state: 'live' };
const STALE: Schema<'CacheState'> = {
  state: 'stale',
  asOf: minutesAgo(5),
  message: 'It answers too slowly or not at all',
};

const clusterOf = (
  part: Partial<Schema<'ClusterDetail'>> = {},
): Schema<'ClusterDetail'> => ({
  id: 'eu',
  name: 'prod-eu',
  status: 'healthy',
  labels: { environment: 'production' },
  protected: false,
  createdAt: minutesAgo(99),
  nodes: [],
  server: 'https://eu:6443',
  authentication: { type: 'token' },
  cache: LIVE,
  ...part,
});

const AWAY = clusterOf({
  status: 'unreachable',
  statusSince: minutesAgo(4),
  statusReason: 'The API server did not answer in time',
  cache: STALE,
});

const PODS: Schema<'Kind'> = {
  ...{ group: '', version: 'v1', versions: ['v1'] },
  ...{ kind: 'Pod', plural: 'pods', shortNames: [], namespaced: true },
  ...{ category: 'workload', custom: false, columns: [], actions: [] },
  verbs: ['get', 'list', 'watch'],
};

const POD: Schema<'ResourceRow'> = {
  ...{ cluster: 'eu', namespace: 'shop', name: 'cart-1', uid: '1' },
  ...{ resourceVersion: '1', createdAt: minutesAgo(9) },
  ...{ health: { state: 'healthy' }, cells: [] },
};

const health: Schema<'ClusterHealth'> = {
  status: 'unreachable',
  components: [
    { name: 'apiserver', status: 'unreachable', seen: minutesAgo(5) },
    { name: 'etcd', status: 'healthy', seen: minutesAgo(5) },
  ].map(component => ({
    ...component,
    source: 'the test',
  })) as Schema<'ClusterHealth'>['components'],
  history: [],
};

function show(
  path: string,
  cluster: Schema<'ClusterDetail'> | Promise<FakeAnswer>,
  cache: Schema<'CacheState'> = cluster === AWAY ? STALE : LIVE,
  answers: Parameters<typeof fakeK8sApi>[0] = {},
) {
  const base = 'GET /clusters/eu';
  const api = fakeK8sApi({
    'GET /clusters': () => ({ body: { clusters: [] } }),
    [base]: () => (cluster instanceof Promise ? cluster : { body: cluster }),
    [`${base}/health`]: () => ({ body: health }),
    [`${base}/views/nodes`]: () => ({ body: { rows: [], total: 0, cache } }),
    [`${base}/namespaces`]: () => ({ body: { namespaces: [], cache } }),
    [`${base}/views/events`]: () => ({ body: { rows: [], total: 0, cache } }),
    ...answers,
  });
  renderInTestApp(
    <K8sProvider>
      <Routes>
        <Route path="/k8s/clusters/:id/*" element={<ClusterPage />} />
      </Routes>
    </K8sProvider>,
    {
      apis: [[k8sApiRef, api]],
      initialRouteEntries: [`/k8s/clusters/eu/${path}`],
      mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    },
  );
  return api;
}

describe('a cluster that is still being read', () => {
  const never = new Promise<FakeAnswer>(() => {});
  const list = 'GET /clusters/eu/resources/core/pods';
  const deployments = 'GET /clusters/eu/resources/apps/deployments';
  const kinds = 'GET /clusters/eu/kinds';

  it.each([
    ['workloads/core/pods', [kinds, list]],
    ['workloads/apps/deployments', [kinds, deployments]],
    ['custom/example.org/widgets', [kinds]],
    ['overview', []],
  ])('is not waited for by what %s needs', async (path, expected) => {
    const asked: string[] = [];
    const hear = (name: string) => () => {
      asked.push(name);
      return never;
    };
    const routes = [kinds, list, deployments];
    show(
      path,
      never,
      LIVE,
      Object.fromEntries(routes.map(route => [route, hear(route)])),
    );
    await screen.findByRole('status', {}, SOON);
    await waitFor(() => expect(asked.sort()).toEqual(expected));
  });

  const cluster = 'GET /clusters/eu';
  const answers: Record<string, FakeAnswer> = {
    [cluster]: { body: clusterOf() },
    [kinds]: { body: { kinds: [PODS], cache: LIVE } },
    [list]: { body: { columns: [], rows: [POD], total: 1, cache: LIVE } },
  };
  /** Answers when it is told to; `asked` counts. */
  const held = () => {
    const asked: Record<string, number> = {};
    const told = new Map<string, (answer: FakeAnswer) => void>();
    const routes = Object.fromEntries(
      Object.keys(answers).map(route => [
        route,
        () => {
          asked[route] = (asked[route] ?? 0) + 1;
          return new Promise<FakeAnswer>(resolve => told.set(route, resolve));
        },
      ]),
    );
    const tell = async (route: string, answer = answers[route]) => {
      await waitFor(() => expect(told.has(route)).toBe(true), SOON);
      await act(async () => told.get(route)!(answer));
    };
    return { asked, routes, tell };
  };

  it.each([
    [cluster, kinds, list],
    [cluster, list, kinds],
    [kinds, cluster, list],
    [kinds, list, cluster],
    [list, cluster, kinds],
    [list, kinds, cluster],
  ])('has each asked for once when it answers %s, %s, %s', async (...order) => {
    const { asked, routes, tell } = held();
    show('workloads/core/pods', never, LIVE, routes);
    for (const route of order) await tell(route);
    await screen.findByRole('link', { name: POD.name }, SOON);
    expect(asked).toEqual({ [cluster]: 1, [kinds]: 1, [list]: 1 });
  });

  it('is not read ahead any more when it is not there', async () => {
    const { asked, routes, tell } = held();
    const api = show('workloads/core/pods', never, LIVE, routes);
    // Its kinds and its rows.
    await waitFor(() => expect(api.followed('resources')).toBe(2), SOON);
    const gone = { name: 'NotFoundError', message: 'There is none' };
    await tell(cluster, { status: 404, error: gone });
    await screen.findByRole('alert', {}, SOON);
    expect(api.followed('resources')).toBe(0);
    expect(asked[list]).toBe(1);
  });
});

describe('a cluster that does not answer', () => {
  it.each(['overview', 'namespaces', 'deployments', 'events'])(
    'is said once, with the age of what is shown, at %s',
    async tab => {
      show(tab, AWAY);
      expect(await screen.findByText(/does not answer/)).toHaveTextContent(
        'prod-eu does not answer. This is how it was 5 min ago.',
      );
      // All of the page is there.
      await screen.findAllByRole(tab === 'events' ? 'button' : 'heading');
      expect(screen.getAllByText(/does not answer/)).toHaveLength(1);
      expect(screen.queryByText(/did not answer in time/)).toBeNull();
    },
  );

  it('does not say that what was well then is well now', async () => {
    show('overview', AWAY);
    const etcd = await screen.findByRole('row', { name: /etcd/ }, SOON);
    expect(etcd).toHaveTextContent('was healthy');
    const server = screen.getByRole('row', { name: /API server/ });
    expect(within(server).getByText('unreachable')).toBeInTheDocument();
  });

  it('is said of a list where it is true of that list only', async () => {
    show('namespaces', clusterOf(), STALE);
    expect(await screen.findByText(/does not answer/)).toHaveTextContent(
      '5 min ago',
    );
  });
});

it('does not show a cluster that is being read as one without anything', async () => {
  show('events', clusterOf(), { state: 'syncing' });
  expect(await screen.findByText(/Still reading/)).toBeInTheDocument();
  expect(screen.queryByText('No events.')).toBeNull();
});

it('says that there are no events once that is known', async () => {
  show('events', clusterOf());
  expect(await screen.findByText('No events.')).toBeInTheDocument();
});

it('says why a cluster is not healthy, and how its parts are', async () => {
  show(
    'overview',
    clusterOf({ status: 'degraded', statusReason: 'scheduler: no lease' }),
  );
  expect(await screen.findByText('scheduler: no lease')).toBeInTheDocument();
  const etcd = await screen.findByRole('row', { name: /etcd/ }, SOON);
  expect(within(etcd).getByText('healthy')).toBeInTheDocument();
});

it('has its tabs before the cluster is there', async () => {
  show('namespaces', new Promise<FakeAnswer>(() => {}));
  expect(await screen.findByText('Loading')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Namespaces' })).toHaveAttribute(
    'aria-current',
    'page',
  );
});

it('says of the protection only where there is one', async () => {
  show('settings', clusterOf());
  expect(await screen.findByText('https://eu:6443')).toBeInTheDocument();
  // Once, among the settings.
  expect(screen.getAllByText('Protection')).toHaveLength(1);
});

it.each([
  [{ type: 'token', title: { en: 'Bearer token' } }, 'a token'],
  [{ type: 'oauthClient', title: { en: 'OAuth client' } }, 'OAuth client'],
  [{ type: 'goneModule' }, 'goneModule'],
])('says of the way to sign in %j what it is called', async (way, words) => {
  // Whoever looks: nothing but the cluster itself is asked.
  show('settings', clusterOf({ authentication: way }));
  expect(await screen.findByText(words)).toBeInTheDocument();
});
