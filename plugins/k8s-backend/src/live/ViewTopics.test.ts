import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  deployment,
  event,
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
import type { Subscription, TopicEvent } from '../streams/TopicSource';
import type { ViewChanges } from './followView';
import { ViewTopics } from './ViewTopics';

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
  const topics = new ViewTopics({ resources, services, usage });
  const end = new AbortController();
  const open = (subscription: Omit<Subscription, 'id'>) => {
    const iterator = topics
      .open({ id: 's', ...subscription }, testContext({ signal: end.signal }))
      [Symbol.asyncIterator]();
    return async (): Promise<Unpacked | undefined> =>
      unpacked((await iterator.next()).value);
  };
  return { resources, open, end };
}

type Unpacked =
  | { type: 'reset' }
  | (Omit<ViewChanges, 'rows'> & { upserted: unknown[] });

/** What was told, with its rows as objects. */
function unpacked(told: TopicEvent | undefined): Unpacked | undefined {
  if (told?.type !== 'changes') return told;
  const { rows, ...others } = told as ViewChanges;
  return { ...others, upserted: rows.map(({ json }) => JSON.parse(json)) };
}

/** Events up to the first that holds. */
async function until(
  next: () => Promise<Unpacked | undefined>,
  holds: (told: Unpacked & { type: 'changes' }) => boolean,
) {
  for (;;) {
    const told = await next();
    if (!told) throw new Error('The topic ended');
    if (told.type === 'changes' && holds(told)) return told;
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

describe('ViewTopics', () => {
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
  });

  it('tells what is gone after a list was read again', async () => {
    const { resources, open } = setUp();
    resources.set('namespaces', namespace('a'));
    resources.set('namespaces', namespace('b'));
    const next = open({ topic: 'namespaces', cluster: 'c1' });
    await until(next, ({ upserted }) => upserted.length === 2);

    const part = resources.part('c1', 'namespaces');
    part.lose();
    expect(await next()).toMatchObject({
      upserted: [],
      deleted: [],
      cache: { state: 'syncing' },
    });
    part.find([namespace('b'), namespace('c')]);
    const again = await until(next, ({ deleted }) => deleted.length > 0);
    expect(again).toMatchObject({
      upserted: [{ name: 'b' }, { name: 'c' }],
      deleted: ['a'],
      cache: { state: 'live' },
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
    const told = await until(next, ({ upserted }) => upserted.length === 1);
    expect(told.cache).toEqual({ state: 'live' });
  });

  it('says why its own kind cannot be read, and needs a cluster', async () => {
    const { resources, open } = setUp();
    resources.failures.set('nodes', new NotFoundError('no such kind'));
    const next = open({ topic: 'nodes', cluster: 'c1' });
    const said = await until(next, () => true);
    expect(said.cache).toEqual({ state: 'syncing', message: 'no such kind' });
    await expect(open({ topic: 'nodes' })()).rejects.toThrow(
      'needs the cluster',
    );
    await expect(open({ topic: 'service' })()).rejects.toThrow(
      'needs the entity',
    );
  });

  it('tells events that say the same as one, again as often as it is said', async () => {
    const { resources, open } = setUp();
    const said = (name: string, secondsAgo: number) =>
      event(pod({ name, metadata: { name, namespace: 'shop', uid: name } }), {
        message: `It fails: ${name}`,
        secondsAgo,
      });
    const [one, two] = [said('one', 20), said('two', 10)];
    resources.set('events', one);
    const next = open({ topic: 'events', cluster: 'c1' });
    await until(next, ({ upserted }) => upserted.length === 1);
    resources.set('events', two);
    const again = await until(next, () => true);
    expect(again.upserted).toMatchObject([
      { objects: 2, message: 'It fails: two' },
    ]);
    resources.unset('events', two);
    expect(await next()).toMatchObject({
      upserted: [{ objects: 1, message: 'It fails: one' }],
    });
    resources.unset('events', one);
    expect(await next()).toMatchObject({
      upserted: [],
      deleted: [(again.upserted[0] as { id: string }).id],
    });
  });

  it('tells of one object only what is said of it', async () => {
    const { resources, open } = setUp();
    const saidOf = (name: string, message: string) =>
      resources.set(
        'events',
        event(pod({ name, metadata: { name, namespace: 'shop', uid: name } }), {
          message,
        }),
      );
    saidOf('one', 'first');
    saidOf('two', 'of another');
    const next = open({
      ...{ topic: 'events', cluster: 'c1', namespace: 'shop' },
      involved: 'Pod/one',
    });
    const first = await until(next, ({ upserted }) => upserted.length > 0);
    expect(first.upserted).toMatchObject([{ message: 'first' }]);
    saidOf('two', 'of another again');
    saidOf('one', 'second');
    const again = await until(next, ({ upserted }) => upserted.length > 0);
    expect(again.upserted).toMatchObject([{ message: 'second' }]);
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
