import { TestApiProvider } from '@backstage/frontend-test-utils';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { k8sApiRef } from '../api/K8sApi';
import { K8sProvider } from './K8sProvider';
import { useEvents, useRollouts } from './useClusterLists';
import type { EventFilter } from './useClusterLists';

const eventOf = (id: string, minute: number, count = 1) => ({
  id,
  count,
  type: 'Normal',
  reason: id,
  message: id,
  involved: { kind: 'Pod', name: 'a' },
  lastSeen: `2026-01-01T00:0${minute}:00Z`,
});

const changes = (upserted: unknown[], deleted: string[] = []) =>
  ({ type: 'changes', upserted, deleted } as const);

const wrapperOf =
  (fake: ReturnType<typeof fakeK8sApi>) =>
  ({ children }: { children: ReactNode }) =>
    (
      <TestApiProvider apis={[[k8sApiRef, fake.api]]}>
        <K8sProvider>{children}</K8sProvider>
      </TestApiProvider>
    );

async function show(filter: EventFilter) {
  const fake = fakeK8sApi(() => ({
    body: {
      rows: [eventOf('new', 5), eventOf('old', 1)],
      total: 3,
      cache: { state: 'live' },
    },
  }));
  const subscribe = jest.spyOn(fake.api, 'subscribe');
  const { result } = renderHook(() => useEvents('eu', filter), {
    wrapper: wrapperOf(fake),
  });
  await waitFor(() => expect(result.current.data?.rows).toHaveLength(2));
  const shown = () =>
    result.current.data?.rows.map(({ id, count }) => `${id} ${count}`);
  const topics = subscribe.mock.calls.map(([topic]) => topic);
  return { ...fake, shown, topics };
}

describe('useEvents', () => {
  it('follows the stream, the newest first and as many as are wanted', async () => {
    const { tell, shown, sent } = await show({ namespace: 'shop', limit: 2 });
    expect(sent[0]).toMatchObject({
      route: 'GET /clusters/eu/views/events',
      query: { namespace: 'shop', limit: '2' },
    });
    act(() => tell('events', changes([eventOf('old', 6, 7)])));
    await waitFor(() => expect(shown()).toEqual(['old 7', 'new 1']));
    act(() => tell('events', changes([eventOf('newest', 9)])));
    await waitFor(() => expect(shown()).toEqual(['newest 1', 'old 7']));
    expect(sent).toHaveLength(1);
  });

  it('reads again when one is gone and others were cut off', async () => {
    const { tell, sent } = await show({ limit: 2 });
    act(() => tell('events', changes([], ['old'])));
    await waitFor(() => expect(sent).toHaveLength(2));
  });

  it('is told only of the object that it asks for, and follows that', async () => {
    const place = { namespace: 'shop', involved: 'Pod/a' };
    const { tell, shown, sent, topics } = await show(place);
    expect(topics).toEqual([{ topic: 'events', cluster: 'eu', ...place }]);
    act(() => tell('events', changes([eventOf('newest', 9)])));
    await waitFor(() =>
      expect(shown()).toEqual(['newest 1', 'new 1', 'old 1']),
    );
    expect(sent).toHaveLength(1);
  });

  it('asks for those of long ago once', async () => {
    const since = '2025-12-31T00:00:00Z';
    const { tell, sent } = await show({ since });
    expect(sent[0].query).toEqual({ since });
    act(() => tell('events', changes([eventOf('other', 9)])));
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(sent).toHaveLength(1);
  });
});

describe('useRollouts', () => {
  const rolloutOf = (name: string, state: string) => ({
    ...{ namespace: 'shop', name },
    rollout: { state },
  });

  async function showRollouts(options: Parameters<typeof useRollouts>[1]) {
    const fake = fakeK8sApi(() => ({
      body: {
        rows: [rolloutOf('b', 'progressing')],
        total: 1,
        cache: { state: 'live' },
      },
    }));
    const { result } = renderHook(() => useRollouts('eu', options), {
      wrapper: wrapperOf(fake),
    });
    const shown = () =>
      result.current.data?.rows.map(
        ({ name, rollout }) => `${name} ${rollout.state}`,
      );
    return { ...fake, shown };
  }

  it('follows those that are not at rest', async () => {
    const { tell, shown, sent } = await showRollouts({ namespace: 'shop' });
    await waitFor(() => expect(shown()).toEqual(['b progressing']));
    expect(sent).toMatchObject([
      {
        route: 'GET /clusters/eu/views/rollouts',
        query: { namespace: 'shop' },
      },
    ]);
    const news = [rolloutOf('b', 'stuck'), rolloutOf('a', 'paused')];
    act(() => tell('rollouts', changes(news)));
    await waitFor(() => expect(shown()).toEqual(['a paused', 'b stuck']));
    act(() => tell('rollouts', changes([], ['shop/b'])));
    await waitFor(() => expect(shown()).toEqual(['a paused']));
    expect(sent).toHaveLength(1);
  });

  it('asks nothing where nobody wants to know', async () => {
    const { shown, sent } = await showRollouts({ enabled: false });
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(shown()).toBeUndefined();
    expect(sent).toHaveLength(0);
  });
});
