import { renderInTestApp } from '@backstage/frontend-test-utils';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { ScaleObjectDialog } from './ScaleObjectDialog';

// A dialog takes seconds on a busy machine.
jest.setTimeout(60_000);

const SOON = { timeout: 10_000 };
const OBJECT_PATH = '/example.org/widgets/shop/one';
const SCALE = `POST /resources${OBJECT_PATH}/actions/scale`;
const CLUSTERS = ['eu', 'us'].map(id => ({ id, name: `prod-${id}` }));

it('stays the same change on all clusters though its own cluster has another number by now', async () => {
  let replicas = 2;
  let isAway = true;
  const api = fakeK8sApi({
    'GET /clusters': () => ({
      body: {
        clusters: CLUSTERS.map(one => ({
          ...{ ...one, status: 'healthy', labels: {}, protected: false },
          createdAt: '2026-01-01T00:00:00Z',
        })),
      },
    }),
    [`GET /clusters/eu/resources${OBJECT_PATH}`]: () => ({
      body: {
        object: { metadata: { name: 'one' }, spec: { replicas } },
        ...{ columns: [], owners: [], cache: { state: 'live' } },
        row: {
          ...{ cluster: 'eu', namespace: 'shop', name: 'one', uid: 'u' },
          ...{ resourceVersion: String(replicas), cells: [] },
          createdAt: '2026-01-01T00:00:00Z',
          health: { state: 'healthy' },
        },
      },
    }),
    [SCALE]: ({ query }) => {
      if (query.dryRun) {
        const plan = { before: null, after: null, changes: [], warnings: [] };
        const items = CLUSTERS.map(cluster => ({
          ...{ cluster, name: 'one', status: 'planned', plan },
        }));
        return { body: { items, errors: [] } };
      }
      // Something else scales it there at the same time.
      replicas = 9;
      return isAway && query.cluster === 'id=us'
        ? { status: 503, error: { name: 'Error', message: 'us is away' } }
        : { body: { items: [], errors: [] } };
    },
  });
  renderInTestApp(
    <K8sProvider>
      <ScaleObjectDialog
        cluster={CLUSTERS[0]}
        kind={{ kind: 'Widget' }}
        target={{
          ...{ cluster: 'eu', group: 'example.org', plural: 'widgets' },
          ...{ namespace: 'shop', name: 'one' },
        }}
        isEverywhere
        onClose={() => {}}
      />
    </K8sProvider>,
    { apis: [[k8sApiRef, api]] },
  );
  const press = async (name: string) =>
    userEvent.click(await screen.findByRole('button', { name }, SOON));
  expect(
    await screen.findByRole('textbox', { name: 'Replicas' }, SOON),
  ).toHaveValue('2');
  await press('Show what would change');
  await screen.findByRole('checkbox', { name: 'prod-us' }, SOON);
  await press('Scale');
  await screen.findByText(/us is away/, {}, SOON);
  const reads = () => api.sent.filter(({ route }) => /one$/.test(route)).length;
  await waitFor(() => expect(reads()).toBeGreaterThan(1), SOON);
  isAway = false;
  await press('Try again');
  await waitFor(
    () => expect(screen.getAllByText('done')).toHaveLength(2),
    SOON,
  );
  const sent = api.sent.filter(({ route }) => route === SCALE);
  expect(sent.map(({ body }) => body)).toEqual(
    sent.map(() => ({ replicas: 2 })),
  );
  const clusters = sent.map(({ query }) => query.cluster);
  expect(clusters.sort()).toEqual(['id', 'id=eu', 'id=us', 'id=us']);
  const keys = sent
    .filter(({ query }) => query.cluster === 'id=us')
    .map(({ headers }) => headers.get('Idempotency-Key'));
  expect(keys[0]).toBe(keys[1]);
});
