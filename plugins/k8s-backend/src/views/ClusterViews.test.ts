import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import { CannedApiServer } from '../cache/__testUtils__/CannedApiServer';
import { LiveResourceClient } from '../resources/LiveResourceClient';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { NODE_METRICS_LIST } from '../workloads/__fixtures__/nodeMetrics';
import {
  deployment,
  event,
  NOW,
  pod,
} from '../workloads/__fixtures__/workloadObjects';
import { ClusterViews } from './ClusterViews';
import type { ViewSelection } from './ClusterViews';
import { NodeUsage } from './NodeUsage';

function setUp() {
  const resources = new MemoryResources();
  let time = NOW;
  const now = () => time;
  const usage = new NodeUsage({ resources, now });
  const views = new ClusterViews({ resources, usage });
  const asked: string[] = [];
  const list = resources.list.bind(resources);
  resources.list = (query, options) => {
    asked.push(query.group);
    return list(query, options);
  };
  const metricsAsked = () =>
    asked.filter(group => group === 'metrics.k8s.io').length;
  const pass = (ms: number) => {
    time += ms;
  };
  return { resources, views, usage, metricsAsked, pass };
}

describe('ClusterViews', () => {
  const read = async (
    { views }: ReturnType<typeof setUp>,
    view: 'nodes' | 'events' | 'rollouts',
    selection: ViewSelection = {},
  ) => {
    const context = testContext();
    const answer = await views.read(view, {
      cluster: 'c1',
      ...{ selection, context },
    });
    return answer.parse();
  };

  it('shows nodes by name, with what is requested and used', async () => {
    const set = setUp();
    for (const name of ['node-2', 'node-1']) {
      set.resources.set('nodes', {
        metadata: { name, uid: name },
        usage: { cpu: '250m', memory: '1Ki' },
      });
    }
    set.resources.set('pods', pod());
    // The double keeps the nodes of both groups in one place.
    const used = { cpu: 0.25, memory: 1024 };
    const rows = [
      { name: 'node-1', requested: { pods: 1 }, used },
      { name: 'node-2', requested: { pods: 0 }, used },
    ];
    const cache = { state: 'live' };
    expect(await read(set, 'nodes')).toMatchObject({ rows, total: 2, cache });
    expect(await set.views.nodes('c1', testContext())).toMatchObject({
      nodes: rows,
      cache,
    });
  });

  it('shows nodes without what cannot be known', async () => {
    const { resources, views } = setUp();
    resources.set('nodes', { metadata: { name: 'node-1' } });
    resources.failures.set('pods', new NotFoundError('no'));
    const { nodes, cache } = await views.nodes('c1', testContext());
    expect(nodes[0]).not.toHaveProperty('requested');
    expect(cache).toEqual({ state: 'live' });
  });

  it('shows the newest events, or those of one object', async () => {
    const set = setUp();
    const [one, other] = [pod({ name: 'one' }), pod({ name: 'other' })];
    const say = (about: typeof one, reason: string, secondsAgo: number) =>
      set.resources.set(
        'events',
        event(about, { reason, message: reason, secondsAgo }),
      );
    say(one, 'A', 50);
    say(other, 'B', 10);
    say(other, 'C', 90);
    expect(await read(set, 'events', { limit: 2 })).toMatchObject({
      rows: [{ reason: 'B' }, { reason: 'A' }],
      total: 3,
    });
    expect(await read(set, 'events', { involved: 'Pod/one' })).toMatchObject({
      rows: [{ reason: 'A', involved: { name: 'one' } }],
      total: 1,
    });
  });

  it('shows the rollouts that are not at rest, of a namespace or of all', async () => {
    const set = setUp();
    set.resources.set('deployments', deployment());
    const paused = (name: string, namespace: string) =>
      set.resources.set(
        'deployments',
        deployment({
          metadata: { name, namespace, uid: name },
          spec: { paused: true },
        }),
      );
    paused('b', 'shop');
    paused('a', 'shop');
    paused('c', 'other');
    const rollout = { state: 'paused' };
    expect(await read(set, 'rollouts')).toMatchObject({
      rows: [
        { namespace: 'other', name: 'c', rollout },
        { namespace: 'shop', name: 'a', rollout },
        { namespace: 'shop', name: 'b', rollout },
      ],
      total: 3,
    });
    const selection = { namespace: 'other', limit: 1 };
    expect(await read(set, 'rollouts', selection)).toMatchObject({
      rows: [{ name: 'c' }],
      total: 1,
    });
  });

  it('counts what may be seen, and nothing when the cluster is away', async () => {
    const { resources, views } = setUp();
    resources.set('nodes', { metadata: { name: 'n' } });
    resources.set('deployments', deployment());
    resources.failures.set('pods', new NotFoundError('no'));
    expect(await views.counts('c1', testContext())).toEqual({
      nodes: 1,
      nodesReady: 0,
      namespaces: 0,
      deployments: 1,
      deploymentsReady: 1,
    });
    resources.failures.set('nodes', new ServiceUnavailableError('away'));
    expect(await views.counts('c1', testContext())).toBeUndefined();
  });

  it('ends what would be counted too late', async () => {
    const { resources, views } = setUp();
    const signals: AbortSignal[] = [];
    resources.table = (_, { context: { signal } }) => {
      signals.push(signal);
      return new Promise(() => {});
    };
    jest.useFakeTimers();
    try {
      const counts = views.counts('c1', testContext());
      expect(signals.map(({ aborted }) => aborted)).not.toContain(true);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(await counts).toBeUndefined();
      expect(signals.map(({ aborted }) => aborted)).not.toContain(false);
      expect(signals).toHaveLength(4);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('NodeUsage', () => {
  it('understands what metrics-server answers', async () => {
    const server = new CannedApiServer((_, response) => {
      response.end(JSON.stringify(NODE_METRICS_LIST));
    });
    await server.start();
    try {
      const { connections } = server;
      const resources = new LiveResourceClient({ connections });
      const usage = new NodeUsage({ resources, now: () => NOW });
      expect(await usage.of('c1', testContext(), { waitMs: 60_000 })).toEqual(
        new Map([['n', { cpu: 0.1, memory: 1024 ** 3 }]]),
      );
    } finally {
      await server.stop();
    }
  });

  it('does not ask a cluster without metrics-server again for a while', async () => {
    const { resources, usage, metricsAsked, pass } = setUp();
    resources.failures.set('nodes', new NotFoundError('no such kind'));
    const context = testContext();
    expect(await usage.of('c1', context)).toEqual(new Map());
    pass(60_000);
    await usage.of('c1', context);
    expect(metricsAsked()).toBe(1);
    pass(600_000);
    await usage.of('c1', context);
    expect(metricsAsked()).toBe(2);
  });

  it('asks once for many, but for each caller', async () => {
    const { resources, usage, metricsAsked } = setUp();
    resources.set('nodes', { metadata: { name: 'n' }, usage: { cpu: '1' } });
    const one = testContext();
    await Promise.all([usage.of('c1', one), usage.of('c1', one)]);
    expect(metricsAsked()).toBe(1);
    await usage.of(
      'c1',
      testContext({ principal: { type: 'user', ref: 'user:default/b' } }),
    );
    expect(metricsAsked()).toBe(2);
  });
});
