import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  deployment,
  NOW,
  pod,
  progressing,
  replicaSet,
  waitingPod,
} from '../workloads/__fixtures__/workloadObjects';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { NodeUsage } from '../views/NodeUsage';
import { ServiceDeployments } from '../workloads/ServiceDeployments';
import { DefaultLiveTopics } from './DefaultLiveTopics';
import type { LiveEvent, ResourceSubscription } from './LiveTopics';

const namespace = (name: string, labels: Record<string, string> = {}) => ({
  metadata: { name, uid: name, labels },
  status: { phase: 'Active' },
});
const now = () => NOW;

function setUp(annotations: Record<string, string> = {}) {
  const resources = new MemoryResources();
  resources.now = now;
  const services = new ServiceDeployments({
    resources,
    annotations: { of: async () => annotations },
    clusters: {
      list: async () => [
        { id: 'c1', name: 'one', labels: {} },
        { id: 'c2', name: 'two', labels: {} },
      ],
    },
    health: { summaries: async () => new Map() },
  });
  const usage = new NodeUsage({ resources, now });
  const topics = new DefaultLiveTopics({ resources, services, usage });
  const end = new AbortController();
  const open = (subscription: Omit<ResourceSubscription, 'id'>) => {
    const iterator = topics
      .open({ id: 's', ...subscription }, testContext({ signal: end.signal }))
      [Symbol.asyncIterator]();
    return async (): Promise<LiveEvent | undefined> =>
      unpacked((await iterator.next()).value);
  };
  return { resources, open, end };
}

/** An event with its rows as objects, whichever way they came. */
function unpacked(event: LiveEvent | undefined): LiveEvent | undefined {
  if (event?.type !== 'changes') return event;
  const { rows = [], ...others } = event;
  const upserted = rows.map(({ json }) => JSON.parse(json));
  return { ...others, upserted: [...event.upserted, ...upserted] };
}

/** Events up to the first that holds. */
async function until(
  next: () => Promise<LiveEvent | undefined>,
  holds: (event: LiveEvent & { type: 'changes' }) => boolean,
) {
  for (;;) {
    const event = await next();
    if (!event) throw new Error('The topic ended');
    if (event.type === 'changes' && holds(event)) return event;
  }
}

const sickStatus = {
  status: {
    observedGeneration: 2,
    replicas: 3,
    updatedReplicas: 3,
    availableReplicas: 0,
    conditions: [progressing('ReplicaSetUpdated', 'True', 60)],
  },
};

describe('DefaultLiveTopics', () => {
  it('tells all namespaces, then what changes, and nothing twice', async () => {
    const { resources, open, end } = setUp();
    resources.set('namespaces', namespace('a'));
    resources.set('namespaces', namespace('b'));
    const next = open({ topic: 'namespaces', cluster: 'c1' });

    expect(await next()).toEqual({ type: 'reset' });
    expect(await next()).toMatchObject({
      type: 'changes',
      upserted: [{ name: 'a' }, { name: 'b' }],
      deleted: [],
      cluster: 'c1',
      cache: { state: 'live' },
    });
    resources.set('namespaces', namespace('a'));
    resources.set('namespaces', namespace('b', { team: 'x' }));
    resources.unset('namespaces', namespace('a'));
    expect(await next()).toMatchObject({
      upserted: [{ name: 'b', labels: { team: 'x' } }],
      deleted: ['a'],
    });
    end.abort();
    expect(await next()).toBeUndefined();
    expect(resources.watches).toBe(0);
  });

  it('tells only what differs after a list was read again', async () => {
    const { resources, open } = setUp();
    resources.set('namespaces', namespace('a'));
    resources.set('namespaces', namespace('b'));
    const next = open({ topic: 'namespaces', cluster: 'c1' });
    await until(next, ({ upserted }) => upserted.length === 2);

    const stale = { state: 'stale', asOf: '2026-11-23T11:00:00Z' } as const;
    resources.tell('c1', 'namespaces', { type: 'STALE', cache: stale });
    expect(await next()).toMatchObject({
      upserted: [],
      deleted: [],
      cache: stale,
    });
    const cache = { state: 'live' } as const;
    resources.tell('c1', 'namespaces', { type: 'RESET', cache });
    resources.tell('c1', 'namespaces', {
      type: 'ADDED',
      object: namespace('b'),
    });
    resources.tell('c1', 'namespaces', {
      type: 'ADDED',
      object: namespace('c'),
    });
    resources.tell('c1', 'namespaces', { type: 'SYNCED', cache });
    expect(await next()).toMatchObject({
      upserted: [{ name: 'c' }],
      deleted: ['a'],
      cache,
    });
  });

  it("makes a deployment's row anew when its pods change", async () => {
    const { resources, open } = setUp();
    resources.set('deployments', deployment(sickStatus));
    resources.set('replicasets', replicaSet(2));
    const next = open({ topic: 'deployments', cluster: 'c1' });
    const first = await until(next, ({ upserted }) => upserted.length === 1);
    expect(first.upserted).toMatchObject([
      { rollout: { state: 'progressing' } },
    ]);

    const sick = waitingPod('InvalidImageName');
    resources.set('pods', sick);
    expect(await next()).toMatchObject({
      upserted: [
        {
          name: 'payments',
          rollout: { state: 'stuck', code: 'InvalidImageName' },
        },
      ],
    });
    resources.unset('pods', sick);
    expect(await next()).toMatchObject({
      upserted: [{ rollout: { state: 'progressing' } }],
    });
    resources.unset('deployments', deployment());
    expect(await next()).toMatchObject({ deleted: ['shop/payments'] });
  });

  it('goes on without kinds that may not be seen or cannot be read', async () => {
    const { resources, open } = setUp();
    resources.failures.set('events', new NotFoundError('no events'));
    resources.set('deployments', deployment());
    const next = open({ topic: 'deployments', cluster: 'c1' });
    const event = await until(next, ({ upserted }) => upserted.length === 1);
    expect(event.cache).toEqual({ state: 'live' });
  });

  it('fails when its own kind does, and without a cluster', async () => {
    const { resources, open } = setUp();
    resources.failures.set('nodes', new NotFoundError('no such cluster'));
    const next = open({ topic: 'nodes', cluster: 'c1' });
    await expect(until(next, () => false)).rejects.toThrow('no such cluster');
    await expect(open({ topic: 'nodes' })()).rejects.toThrow(
      'needs the cluster',
    );
    await expect(open({ topic: 'service' })()).rejects.toThrow(
      'needs the entity',
    );
  });

  it("sums what a node's pods ask for as they come and go", async () => {
    const { resources, open } = setUp();
    resources.set('nodes', { metadata: { name: 'node-1', uid: 'n' } });
    const busy = pod({
      spec: {
        nodeName: 'node-1',
        containers: [{ name: 'a', resources: { requests: { cpu: '100m' } } }],
      },
    });
    const next = open({ topic: 'nodes', cluster: 'c1' });
    await until(next, ({ upserted }) => upserted.length === 1);
    resources.set('pods', busy);
    expect(await next()).toMatchObject({
      upserted: [{ requested: { cpu: 0.1, pods: 1 } }],
    });
    resources.unset('pods', busy);
    expect(await next()).toMatchObject({
      upserted: [{ requested: { cpu: 0, pods: 0 } }],
    });
  });

  it("follows a service's deployments on all clusters, one of them away", async () => {
    const { resources, open } = setUp({ 'backstage.io/kubernetes-id': 'pay' });
    const labels = { 'backstage.io/kubernetes-id': 'pay' };
    resources.set('deployments', deployment({ metadata: { labels } }));
    resources.set('deployments', deployment({ metadata: { name: 'other' } }));
    resources.set('deployments', deployment({ metadata: { labels } }), 'c2');
    const watchView = resources.watchView.bind(resources);
    resources.watchView = (query, options) => {
      if (query.cluster === 'c2') throw new ServiceUnavailableError('away');
      return watchView(query, options);
    };
    const next = open({ topic: 'service', entity: 'component:payments' });
    expect(await next()).toEqual({ type: 'reset' });
    const events = [await next(), await next()];
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          cluster: 'c1',
          upserted: [
            expect.objectContaining({ cluster: 'c1', name: 'payments' }),
          ],
        }),
        expect.objectContaining({
          cluster: 'c2',
          upserted: [],
          cache: { state: 'stale', message: 'away' },
        }),
      ]),
    );
    resources.set('horizontalpodautoscalers', {
      metadata: { name: 'hpa', namespace: 'shop', uid: 'h' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'payments' } },
    });
    expect(await next()).toMatchObject({ upserted: [{ scaledBy: 'hpa' }] });
    resources.unset('deployments', deployment({ metadata: { labels } }));
    expect(await next()).toMatchObject({ deleted: ['c1/shop/payments'] });
  });
});
