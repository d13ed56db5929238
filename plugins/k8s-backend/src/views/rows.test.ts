import {
  deployment,
  IMAGE,
  NOW,
  pod,
  replicaSet,
  waitingPod,
} from '../workloads/__fixtures__/workloadObjects';
import { leastFresh } from './cacheStates';
import { clusterCounts } from './clusterCounts';
import { deploymentRow } from './deploymentRow';
import { matchesSearch } from './matchesSearch';
import { namespaceRow } from './namespaceRow';
import { nodeRow, podRequest } from './nodeRow';
import { podRow } from './podRow';

const node = (options: object = {}) => ({
  metadata: {
    name: 'node-1',
    creationTimestamp: '2026-11-01T00:00:00Z',
    labels: {
      'node-role.kubernetes.io/control-plane': '',
      'topology.kubernetes.io/zone': 'eu-1',
    },
  },
  status: {
    capacity: { cpu: '4', memory: '8Gi', pods: '110' },
    nodeInfo: { kubeletVersion: 'v1.37.2' },
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        lastTransitionTime: '2026-11-02T00:00:00Z',
      },
    ],
  },
  ...options,
});

describe('podRow', () => {
  it('shows a running pod', () => {
    expect(podRow(pod({ name: 'a' }), { now: NOW, revision: 2 })).toEqual({
      name: 'a',
      namespace: 'shop',
      status: 'Running',
      healthy: true,
      ready: 1,
      containers: 1,
      images: [IMAGE],
      restarts: 0,
      node: 'node-1',
      ownerKind: 'ReplicaSet',
      ownerName: 'payments-2',
      revision: 2,
      createdAt: '2026-11-23T11:50:00Z',
    });
  });

  it.each([
    ['waits', waitingPod('ErrImagePull'), false],
    ['only begins', waitingPod('ContainerCreating'), false],
    ['has done its work', pod({ phase: 'Succeeded' }), true],
    ['failed', pod({ phase: 'Failed' }), false],
    [
      'is ending',
      pod({
        phase: 'Running',
        metadata: { deletionTimestamp: '2026-11-23T12:00:10Z' },
      }),
      true,
    ],
    [
      'does not come to its end',
      pod({
        metadata: {
          deletionTimestamp: '2026-11-23T11:00:00Z',
          finalizers: ['a/b'],
        },
      }),
      false,
    ],
  ])('of one that %s', (_, object, healthy) => {
    expect(podRow(object, { now: NOW }).healthy).toBe(healthy);
  });

  it('says why', () => {
    const row = podRow(waitingPod('InvalidImageName'), { now: NOW });
    expect(row.reason).toBe(`The image name ${IMAGE} is not valid.`);
  });
});

describe('deploymentRow', () => {
  it('shows numbers, images, rollout and restarts', () => {
    const pods = [
      pod({ container: { restartCount: 2 } }),
      pod({ container: { restartCount: 1 } }),
    ];
    const row = deploymentRow(deployment(), {
      cluster: 'c1',
      parts: { replicaSets: [replicaSet(2)], pods, events: [] },
      now: NOW,
    });
    expect(row).toEqual({
      cluster: 'c1',
      name: 'payments',
      namespace: 'shop',
      replicas: 3,
      ready: 3,
      updated: 3,
      available: 3,
      revision: 2,
      containers: [{ name: 'app', image: IMAGE }],
      rollout: { state: 'complete', since: '2026-11-23T11:00:00Z' },
      labels: {},
      createdAt: '2026-11-22T12:00:00Z',
      resourceVersion: '100',
      restarts: 3,
    });
  });
});

describe('nodeRow', () => {
  it('shows capacity in cores and bytes', () => {
    expect(
      nodeRow(node(), { requested: { cpu: 0.3, memory: 5, pods: 1 } }),
    ).toEqual({
      name: 'node-1',
      status: 'ready',
      schedulable: true,
      roles: ['control-plane'],
      version: 'v1.37.2',
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          since: '2026-11-02T00:00:00Z',
        },
      ],
      capacity: { cpu: 4, memory: 8 * 2 ** 30, pods: 110 },
      requested: { cpu: 0.3, memory: 5, pods: 1 },
      zone: 'eu-1',
      createdAt: '2026-11-01T00:00:00Z',
    });
  });

  it.each([
    ['False', 'notReady'],
    ['Unknown', 'unknown'],
    [undefined, 'unknown'],
  ])('Ready %s is %s', (status, expected) => {
    const conditions = status ? [{ type: 'Ready', status }] : [];
    expect(nodeRow(node({ status: { conditions } }), {}).status).toBe(expected);
  });

  it('knows a cordoned node', () => {
    expect(
      nodeRow(node({ spec: { unschedulable: true } }), {}).schedulable,
    ).toBe(false);
  });
});

describe('requests of pods', () => {
  const asks = (cpu: string, rest: object = {}) => ({
    name: cpu,
    resources: { requests: { cpu } },
    ...rest,
  });

  it.each([
    ['sum of containers', { containers: [asks('100m'), asks('200m')] }, 0.3],
    [
      'largest init container',
      { initContainers: [asks('1'), asks('2')], containers: [asks('500m')] },
      2,
    ],
    [
      'sidecars run beside',
      {
        initContainers: [asks('1', { restartPolicy: 'Always' })],
        containers: [asks('1')],
      },
      2,
    ],
    [
      'a limit stands for a request',
      { containers: [{ name: 'a', resources: { limits: { cpu: '2' } } }] },
      2,
    ],
    [
      'pod level',
      { resources: { requests: { cpu: '3' } }, containers: [asks('1')] },
      3,
    ],
    ['overhead', { overhead: { cpu: '250m' }, containers: [asks('1')] }, 1.25],
    ['nothing', {}, 0],
    ['nonsense', { containers: [asks('lots')] }, 0],
  ])('%s', (_, spec, expected) => {
    expect(podRequest({ metadata: {}, spec }, 'cpu')).toBeCloseTo(expected);
  });
});

describe('namespaceRow', () => {
  it.each([
    ['shop', { phase: 'Active' }, undefined, 'Active', false],
    ['kube-system', { phase: 'Active' }, undefined, 'Active', true],
    ['old', { phase: 'Active' }, '2026-11-23T12:00:00Z', 'Terminating', false],
  ])('%s', (name, status, deletionTimestamp, word, system) => {
    const row = namespaceRow({
      metadata: { name, deletionTimestamp, labels: { team: 'a' } },
      status,
    });
    expect(row).toMatchObject({
      name,
      status: word,
      system,
      labels: { team: 'a' },
    });
  });
});

describe('clusterCounts', () => {
  it('counts what is ready and leaves out what may not be seen', () => {
    expect(
      clusterCounts({
        nodes: { total: 2, health: { healthy: 1, degraded: 1 } },
        deployments: {
          total: 4,
          health: { healthy: 1, suspended: 1, progressing: 2 },
        },
      }),
    ).toEqual({ nodes: 2, nodesReady: 1, deployments: 4, deploymentsReady: 2 });
  });
});

describe('leastFresh', () => {
  it('is the stalest of all', () => {
    const old = { state: 'stale', asOf: '2026-11-23T11:00:00Z' } as const;
    const older = { state: 'stale', asOf: '2026-11-23T10:00:00Z' } as const;
    expect(leastFresh([])).toEqual({ state: 'live' });
    expect(leastFresh([{ state: 'live' }, { state: 'syncing' }])).toEqual({
      state: 'syncing',
    });
    expect(leastFresh([old, { state: 'live' }, older])).toEqual(older);
  });
});

describe('matchesSearch', () => {
  const spec = { containers: [{ name: 'app', image: 'Registry/App:1' }] };

  it.each([
    [undefined, true],
    ['  ', true],
    ['PAY', true],
    ['registry/app', true],
    ['.*', false],
    ['other', false],
  ])('%s', (search, expected) => {
    expect(matchesSearch(search)('payments', spec)).toBe(expected);
  });
});
