import { TestApiProvider } from '@backstage/frontend-test-utils';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { fakeK8sApi, refusal } from '../__testUtils__/fakeK8sApi';
import type { Answer } from '../__testUtils__/fakeK8sApi';
import { k8sApiRef } from '../api/K8sApi';
import { K8sProvider } from './K8sProvider';
import { useClusters } from './useClusters';

const clusterOf = (name: string, status = 'healthy') => ({
  id: name,
  name,
  status,
  labels: {},
  protected: false,
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

jest.setTimeout(30_000);
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

  it('puts what is told during a read into its answer, which may be older', async () => {
    const answers: ((answer: Answer) => void)[] = [];
    const fake = fakeK8sApi(
      () => new Promise<Answer>(resolve => answers.push(resolve)),
    );
    const { result } = renderHook(() => useClusters(), {
      wrapper: wrapperOf(fake),
    });
    const names = () => result.current.data?.map(({ name }) => name);
    const answer = (...clusters: string[]) =>
      act(async () =>
        answers.shift()!({
          body: { clusters: clusters.map(n => clusterOf(n)) },
        }),
      );
    await waitFor(() => expect(answers).toHaveLength(1));
    act(() => fake.tell('clusters', changes([clusterOf('asia')], ['eu'])));
    await answer('eu', 'us');
    await waitFor(() => expect(names()).toEqual(['asia', 'us']));

    act(() => fake.tell('clusters', { type: 'reconnected' }));
    await waitFor(() => expect(answers).toHaveLength(1));
    act(() => fake.tell('clusters', changes([], ['us'])));
    await waitFor(() => expect(names()).toEqual(['asia']));
    await answer('asia', 'us', 'af');
    await waitFor(() => expect(names()).toEqual(['asia', 'af']));
    expect(fake.sent).toHaveLength(2);
  });

  it('forgets what was told during a read that failed', async () => {
    const answers: ((answer: Answer) => void)[] = [];
    const fake = fakeK8sApi(
      () => new Promise<Answer>(resolve => answers.push(resolve)),
    );
    const { result } = renderHook(
      () => {
        // What is not read at first is not rendered anew for.
        const { data, error, refetch } = useClusters();
        return { data, error, refetch };
      },
      { wrapper: wrapperOf(fake) },
    );
    await waitFor(() => expect(answers).toHaveLength(1));
    act(() => fake.tell('clusters', changes([], ['us'])));
    await act(async () => answers.shift()!(refusal(404, 'away')));
    await waitFor(() => expect(result.current.error).toBeTruthy());
    act(() => void result.current.refetch());
    await waitFor(() => expect(answers).toHaveLength(1));
    await act(async () =>
      answers.shift()!({ body: { clusters: [clusterOf('us')] } }),
    );
    await waitFor(() => expect(result.current.data).toHaveLength(1));
  });

  it('lets a read end before it reads again', async () => {
    const answers: ((answer: Answer) => void)[] = [];
    const fake = fakeK8sApi(
      () => new Promise<Answer>(resolve => answers.push(resolve)),
    );
    renderHook(() => useClusters(), { wrapper: wrapperOf(fake) });
    const answer = () =>
      act(async () => answers.shift()!({ body: { clusters: [] } }));
    await waitFor(() => expect(answers).toHaveLength(1));
    await answer();
    act(() => fake.tell('clusters', { type: 'reconnected' }));
    await waitFor(() => expect(answers).toHaveLength(1));
    act(() => fake.tell('clusters', { type: 'reconnected' }));
    // Longer than reads are apart.
    await act(() => new Promise(resolve => setTimeout(resolve, 2_000)));
    expect(fake.sent).toHaveLength(2);
    await answer();
    await waitFor(() => expect(fake.sent).toHaveLength(3));
  });
});
