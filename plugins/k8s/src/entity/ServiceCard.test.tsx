import { renderInTestApp } from '@backstage/frontend-test-utils';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { K8sProvider, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { screen } from '@testing-library/react';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { ServiceCard } from './ServiceCard';

const detailOf = (
  cluster: string,
  state: Schema<'Rollout'>['state'] = 'complete',
): Schema<'ServiceDeployment'> => ({
  cluster,
  name: 'payments',
  namespace: 'shop',
  replicas: 2,
  ready: 2,
  updated: 2,
  available: 2,
  containers: [],
  rollout: { state },
  createdAt: '2026-01-01T00:00:00Z',
  revisions: [],
  pods: [],
  events: [],
  cache: { state: 'live' },
});

function show(
  items: Schema<'ServiceDeployment'>[],
  caches: Record<string, Schema<'CacheState'>>,
) {
  const clusters = Object.entries(caches).map(([id, cache]) => ({
    id,
    name: `cluster ${id}`,
    labels: {},
    status: 'healthy',
    cache,
  }));
  const api = fakeK8sApi({
    'GET /clusters': () => ({ body: { clusters: [] } }),
    'GET /deployments': () => ({ body: { items, clusters, errors: [] } }),
  });
  renderInTestApp(
    <EntityProvider
      entity={{
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'payments' },
      }}
    >
      <K8sProvider>
        <ServiceCard />
      </K8sProvider>
    </EntityProvider>,
    { apis: [[k8sApiRef, api]] },
  );
}

const LIVE: Schema<'CacheState'> = { state: 'live' };
const STALE: Schema<'CacheState'> = {
  state: 'stale',
  asOf: '2026-01-01T00:00:00Z',
};

it('says that all is well', async () => {
  show([detailOf('eu'), detailOf('us')], { eu: LIVE, us: LIVE });
  expect(
    await screen.findByText('All 2 deployments are as they should be'),
  ).toBeInTheDocument();
});

it('says how many are not', async () => {
  show([detailOf('eu'), detailOf('us', 'stuck')], { eu: LIVE, us: LIVE });
  expect(
    await screen.findByText('1 of 2 deployments need attention'),
  ).toBeInTheDocument();
});

it('does not say that all is well where a cluster is away, but which', async () => {
  show([detailOf('eu'), detailOf('us')], { eu: LIVE, us: STALE });
  expect(
    await screen.findByText(/^cluster us does not answer/),
  ).toBeInTheDocument();
  expect(screen.queryByText(/as they should be/)).toBeNull();
  expect(screen.queryByText(/cluster eu does not answer/)).toBeNull();
});
