import { columnsOf } from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { createRowBuilder } from '../../rows/createRowBuilder';
import {
  deployment,
  NOW,
  pod,
  progressing,
  replicaSet,
  waitingPod,
} from '../../workloads/__fixtures__/workloadObjects';
import { MemoryPart } from '../../workloads/__fixtures__/MemoryPart';
import {
  deploymentDetailsView,
  deploymentsView,
  unsettledRolloutsView,
} from '../../workloads/deploymentViews';
import { DEPLOYMENTS, PODS } from '../../workloads/ResourceKinds';
import { Body } from '../BodyStore';
import { createRow, TextPool } from '../Row';
import { readView } from './readView';
import type { ViewUpdate } from './readView';
import { VIEWS } from './viewTable';

type Objects = Partial<Record<string, KubernetesObject[]>>;

let passedMs = 0;

beforeEach(() => {
  passedMs = 0;
});

function open(
  objects: Objects,
  {
    view = 'deploymentDetails',
    ...options
  }: { labelSelector?: string; view?: string } = {},
) {
  const { parts } = deploymentDetailsView({ cluster: 'c', ...options });
  const sources = Object.fromEntries(
    Object.keys(parts).map(name => [name, new MemoryPart(objects[name] ?? [])]),
  );
  const end = new AbortController();
  const updates = readView(VIEWS[view], {
    ...{ cluster: 'c', signal: end.signal, now: () => NOW + passedMs },
    parts: Object.fromEntries(
      Object.entries(parts).map(([name, query]) => [
        name,
        { query, source: sources[name] },
      ]),
    ),
  });
  const next = async () => {
    const { value } = await updates.next();
    const { upserted, deleted } = value as ViewUpdate;
    const rows = upserted.map(({ json }) => JSON.parse(json));
    return { rows, deleted };
  };
  return { sources, end, updates, next };
}

const event = (uid: string) => ({
  metadata: { name: `e-${uid}`, namespace: 'shop', uid: `e-${uid}` },
  involvedObject: { uid, kind: 'Pod', name: 'a', namespace: 'shop' },
  type: 'Warning',
  reason: 'BackOff',
  message: 'it fails',
  lastTimestamp: new Date(NOW).toISOString(),
});

describe('the view of deployments', () => {
  it('takes in parts in whatever order they come', async () => {
    const { sources, next, end } = open({ deployments: [deployment()] });
    expect((await next()).rows).toMatchObject([{ pods: [], revisions: [] }]);
    // As watches of several kinds may tell it: the pod before its ReplicaSet.
    sources.pods.set(pod({ name: 'a' }));
    sources.replicasets.set(replicaSet(2));
    expect((await next()).rows).toMatchObject([
      { pods: [{ name: 'a', revision: 2 }], revisions: [{ revision: 2 }] },
    ]);
    const uid = pod({ name: 'a' }).metadata.uid ?? '';
    sources.events.set(event(uid));
    expect((await next()).rows).toMatchObject([
      { events: [{ reason: 'BackOff' }] },
    ]);
    sources.pods.unset(pod({ name: 'a' }));
    expect((await next()).rows).toMatchObject([{ pods: [] }]);
    end.abort();
  });

  it('tells nothing of what belongs to others, or changes nothing', async () => {
    const { sources, next, end } = open({ deployments: [deployment()] });
    await next();
    const stranger = pod({ name: 'b' });
    sources.pods.set({
      ...stranger,
      metadata: {
        ...stranger.metadata,
        uid: 'stranger',
        ownerReferences: undefined,
      },
    });
    sources.deployments.set(deployment());
    const silent = next();
    const first = await Promise.race([
      silent,
      new Promise(resolve => setTimeout(() => resolve('nothing'), 400)),
    ]);
    expect(first).toBe('nothing');
    sources.deployments.set(
      deployment({ metadata: { labels: { a: 'b' }, resourceVersion: '99' } }),
    );
    expect((await silent).rows).toMatchObject([{ labels: { a: 'b' } }]);
    end.abort();
  });

  it('tells what goes, what leaves the selection, and what takes the place of another', async () => {
    const labels = { app: 'pay' };
    const { sources, next, end, updates } = open(
      { deployments: [deployment({ metadata: { labels } })] },
      { labelSelector: 'app=pay' },
    );
    expect((await next()).rows).toHaveLength(1);
    sources.deployments.set(deployment({ metadata: { labels: {} } }));
    expect(await next()).toEqual({ rows: [], deleted: ['shop/payments'] });
    sources.deployments.set(deployment({ metadata: { labels } }));
    expect((await next()).rows).toHaveLength(1);
    sources.deployments.unset(deployment());
    sources.deployments.set(
      deployment({ metadata: { labels: { ...labels, new: 'y' }, uid: 'n' } }),
    );
    const replaced = await next();
    expect(replaced.rows).toMatchObject([{ labels: { new: 'y' } }]);
    expect(replaced.deleted).toEqual([]);
    end.abort();
    expect((await updates.next()).done).toBe(true);
    const listeners = Object.values(sources).map(part => part.listeners);
    expect(listeners).toEqual([0, 0, 0, 0, 0]);
  });

  it('tells all rows again when a part was lost and is read anew', async () => {
    const { sources, updates, end } = open({ deployments: [deployment()] });
    await updates.next();
    sources.deployments.lose();
    expect((await updates.next()).value).toMatchObject({
      ...{ isSynced: false, upserted: [], deleted: [] },
      cache: { state: 'syncing' },
    });
    sources.deployments.find([deployment()]);
    expect((await updates.next()).value).toMatchObject({
      ...{ isSynced: true, upserted: [{ key: 'shop/payments' }] },
      cache: { state: 'live' },
    });
    end.abort();
  });

  it('forgets one whose name another has, although nobody told that it is gone', async () => {
    const going = { ...progressing('ReplicaSetUpdated', 'True', 60) };
    const status = { availableReplicas: 0, conditions: [going] };
    const { sources, next, end } = open({
      deployments: [deployment({ status })],
    });
    expect((await next()).rows).toHaveLength(1);
    sources.deployments.set(
      deployment({ metadata: { uid: 'another', labels: { new: 'y' } } }),
    );
    expect((await next()).rows).toMatchObject([{ labels: { new: 'y' } }]);
    const later = await Promise.race([
      next(),
      new Promise(resolve => setTimeout(() => resolve('nothing'), 6_000)),
    ]);
    expect(later).toBe('nothing');
    end.abort();
  }, 20_000);

  it('notices what has lasted too long, although nothing happens', async () => {
    const status = {
      ...{ observedGeneration: 2, replicas: 3, updatedReplicas: 3 },
      ...{ availableReplicas: 2, readyReplicas: 2 },
      conditions: [progressing('NewReplicaSetAvailable', 'True', 60)],
    };
    const unready = pod({
      name: 'a',
      status: {
        phase: 'Running',
        conditions: ['ContainersReady', 'Ready'].map(type => ({
          ...{ type, status: 'False', reason: 'ContainersNotReady' },
          lastTransitionTime: new Date(NOW).toISOString(),
        })),
        containerStatuses: [
          {
            ...{ name: 'app', ready: false, started: true, restartCount: 0 },
            state: { running: { startedAt: new Date(NOW).toISOString() } },
          },
        ],
      },
    });
    const { next, end } = open({
      deployments: [deployment({ status })],
      replicasets: [replicaSet(2)],
      pods: [unready],
    });
    expect((await next()).rows).toMatchObject([
      { rollout: { state: 'progressing' } },
    ]);
    passedMs = 10 * 60_000;
    expect((await next()).rows).toMatchObject([
      { rollout: { state: 'stuck' } },
    ]);
    end.abort();
  }, 20_000);

  it('tells only of rollouts that are not at rest, why, and that they are again', async () => {
    const resting = deployment({ metadata: { name: 'calm', uid: 'calm' } });
    const status = {
      ...{ observedGeneration: 2, replicas: 3, updatedReplicas: 3 },
      ...{ availableReplicas: 0, readyReplicas: 0 },
      conditions: [progressing('ReplicaSetUpdated', 'True', 60)],
    };
    const { sources, next, end } = open(
      {
        deployments: [resting, deployment({ status })],
        replicasets: [replicaSet(2)],
      },
      { view: 'unsettledRollouts' },
    );
    expect((await next()).rows).toEqual([
      {
        ...{ namespace: 'shop', name: 'payments' },
        rollout: expect.objectContaining({ state: 'progressing' }),
      },
    ]);
    // What only its pods know.
    sources.pods.set(waitingPod('InvalidImageName'));
    expect((await next()).rows).toMatchObject([
      { rollout: { state: 'stuck', code: 'InvalidImageName' } },
    ]);
    sources.deployments.set(deployment());
    expect(await next()).toEqual({ rows: [], deleted: ['shop/payments'] });
    end.abort();
  });

  it('reads nothing of deployments that are well to tell which are not at rest', async () => {
    const { parts } = unsettledRolloutsView({ cluster: 'c' });
    const rowOf = (object: KubernetesObject) =>
      createRow(object, {
        build: createRowBuilder(DEPLOYMENTS, columnsOf(DEPLOYMENTS) ?? []),
        ...{ pool: new TextPool(), body: new Body(object) },
      });
    const paused = deployment({
      metadata: { name: 'paused', uid: 'paused' },
      spec: { paused: true },
    });
    const deployments = new MemoryPart([]);
    const rows = [deployment(), paused].map(rowOf);
    jest.spyOn(deployments, 'rows').mockReturnValue(rows);
    const unpack = jest.spyOn(deployments, 'objectOf');
    const end = new AbortController();
    const updates = readView(VIEWS.unsettledRollouts, {
      ...{ cluster: 'c', signal: end.signal, now: () => NOW },
      parts: Object.fromEntries(
        Object.entries(parts).map(([name, query]) => [
          name,
          {
            query,
            source: name === 'deployments' ? deployments : new MemoryPart([]),
          },
        ]),
      ),
    });
    const { upserted } = (await updates.next()).value as ViewUpdate;
    expect(upserted.map(({ key }) => key)).toEqual(['shop/paused']);
    expect(unpack.mock.calls).toEqual([[rows[1]]]);
    end.abort();
  });

  it('says in a list how often containers were started again, without looking into pods that are well', async () => {
    const { parts } = deploymentsView({ cluster: 'c' });
    const rows = createRowBuilder(PODS, columnsOf(PODS) ?? []);
    const restarted = pod({
      name: 'a',
      status: { containerStatuses: [{ name: 'app', restartCount: 3 }] },
    });
    const row = createRow(restarted, {
      ...{ build: rows, pool: new TextPool() },
      body: new Body(restarted),
    });
    const pods = new MemoryPart([]);
    jest.spyOn(pods, 'rows').mockReturnValue([row]);
    const unpack = jest.spyOn(pods, 'objectOf');
    const sources: Record<string, MemoryPart> = {
      deployments: new MemoryPart([deployment()]),
      replicasets: new MemoryPart([replicaSet(2)]),
      pods,
      events: new MemoryPart([]),
    };
    const end = new AbortController();
    const updates = readView(VIEWS.deployments, {
      ...{ cluster: 'c', signal: end.signal, now: () => NOW },
      parts: Object.fromEntries(
        Object.entries(parts).map(([name, query]) => [
          name,
          { query, source: sources[name] },
        ]),
      ),
    });
    const { upserted } = (await updates.next()).value as ViewUpdate;
    expect(JSON.parse(upserted[0].json)).toMatchObject({
      rollout: { state: 'complete' },
      restarts: 3,
    });
    expect(unpack).not.toHaveBeenCalled();
    end.abort();
  });

  it('says which autoscaler rules a deployment, until it rules another', async () => {
    const { sources, next, end } = open({ deployments: [deployment()] });
    expect((await next()).rows[0].scaledBy).toBeUndefined();
    const autoscaler = (name: string) => ({
      metadata: { name: 'hpa', namespace: 'shop', uid: 'h' },
      spec: { scaleTargetRef: { kind: 'Deployment', name } },
    });
    sources.autoscalers.set(autoscaler('payments'));
    expect((await next()).rows).toMatchObject([{ scaledBy: 'hpa' }]);
    sources.autoscalers.set(autoscaler('other'));
    expect((await next()).rows[0].scaledBy).toBeUndefined();
    end.abort();
  });
});
