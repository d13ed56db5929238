import { TestApiProvider } from '@backstage/frontend-test-utils';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { k8sApiRef } from '../api/K8sApi';
import { K8sProvider } from './K8sProvider';
import { useClusters } from './useClusters';
import { useDeployments } from './useDeployments';

const clusterOf = (name: string, status = 'healthy') => ({
  id: name,
  name,
  status,
  labels: {},
  protected: false,
  createdAt: '2026-01-01T00:00:00Z',
});

const deploymentOf = (name: string, ready = 1) => ({
  name,
  namespace: 'shop',
  replicas: 2,
  ready,
  updated: 2,
  available: ready,
  containers: [],
  rollout: { state: 'complete' },
  createdAt: '2026-01-01T00:00:00Z',
});

function wrapperOf(fake: ReturnType<typeof fakeK8sApi>) {
  return ({ children }: { children: ReactNode }) => (
    <TestApiProvider apis={[[k8sApiRef, fake.api]]}>
      <K8sProvider>{children}</K8sProvider>
    </TestApiProvider>
  );
}

async function showClusters() {
  const fake = fakeK8sApi(() => ({
    body: { clusters: [clusterOf('eu'), clusterOf('us')] },
  }));
  const { result } = renderHook(() => useClusters(), {
    wrapper: wrapperOf(fake),
  });
  await waitFor(() => expect(result.current.data).toHaveLength(2));
  const names = () =>
    result.current.data?.map(({ name, status }) => `${name} ${status}`);
  return { ...fake, names };
}

const changes = (upserted: unknown[], deleted: string[] = []) =>
  ({ type: 'changes', upserted, deleted } as const);

describe('useLiveQuery', () => {
  it('follows the stream without asking again', async () => {
    const { tell, names, sent } = await showClusters();
    act(() => tell('clusters', changes([clusterOf('us', 'unreachable')])));
    act(() => tell('clusters', changes([clusterOf('asia')], ['eu'])));
    await waitFor(() =>
      expect(names()).toEqual(['asia healthy', 'us unreachable']),
    );
    expect(sent).toHaveLength(1);
  });

  it('asks nothing when all rows after a reset are those it knows', async () => {
    const { tell, sent } = await showClusters();
    act(() => tell('clusters', { type: 'reset' }));
    act(() => tell('clusters', changes([clusterOf('eu'), clusterOf('us')])));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(sent).toHaveLength(1);
  });

  it('reads again when a row that it knows is not among all rows', async () => {
    const { tell, sent } = await showClusters();
    act(() => tell('clusters', { type: 'reset' }));
    act(() => tell('clusters', changes([clusterOf('eu')])));
    await waitFor(() => expect(sent).toHaveLength(2));
  });

  it('reads again once when the connection is back', async () => {
    const { tell, sent } = await showClusters();
    act(() => {
      tell('clusters', { type: 'reconnected' });
      tell('clusters', { type: 'reset' });
      tell('clusters', changes([clusterOf('eu'), clusterOf('us')]));
    });
    await waitFor(() => expect(sent).toHaveLength(2));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(sent).toHaveLength(2);
  });

  it('changes a row of a page in place, and reads the page again for a row that is new', async () => {
    const fake = fakeK8sApi(() => ({
      body: {
        deployments: [deploymentOf('b'), deploymentOf('a')],
        total: 2,
        cache: { state: 'live' },
      },
    }));
    const { result } = renderHook(
      () => useDeployments('eu', { sort: '-name' }),
      {
        wrapper: wrapperOf(fake),
      },
    );
    await waitFor(() => expect(result.current.data?.total).toBe(2));
    act(() => fake.tell('deployments', changes([deploymentOf('a', 2)])));
    await waitFor(() =>
      expect(
        result.current.data?.deployments.map(({ name, ready }) => name + ready),
      ).toEqual(['b1', 'a2']),
    );
    expect(fake.sent).toHaveLength(1);
    act(() => fake.tell('deployments', changes([deploymentOf('c')])));
    await waitFor(() => expect(fake.sent).toHaveLength(2));
  });
});
