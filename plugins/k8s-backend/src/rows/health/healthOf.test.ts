import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { healthOf } from './healthOf';

type Loose = Record<string, unknown>;

const of = (plural: string, group: string, object: Loose) =>
  healthOf({ plural, group })({
    metadata: { generation: 1 },
    ...object,
  } as unknown as KubernetesObject);

const condition = (type: string, status: string, more: Loose = {}) => ({
  ...{ type, status },
  ...more,
});

const DEPLOYMENT = {
  observedGeneration: 1,
  replicas: 3,
  updatedReplicas: 3,
  readyReplicas: 3,
  availableReplicas: 3,
};

describe('healthOf', () => {
  it.each<[string, string, string, Loose, Loose]>([
    [
      'a deployment that is complete',
      'deployments',
      'apps',
      { spec: { replicas: 3 }, status: DEPLOYMENT },
      { state: 'healthy', word: 'Available' },
    ],
    [
      'a deployment that its controller has not seen',
      'deployments',
      'apps',
      {
        metadata: { generation: 2 },
        spec: { replicas: 3 },
        status: DEPLOYMENT,
      },
      {
        state: 'progressing',
        reason: 'The cluster has not taken up the last change yet.',
      },
    ],
    [
      'a deployment in the middle of its rollout',
      'deployments',
      'apps',
      {
        spec: { replicas: 3 },
        status: { ...DEPLOYMENT, updatedReplicas: 1, availableReplicas: 2 },
      },
      {
        state: 'progressing',
        reason: '2 of 3 pods are available, 1 of 3 pods is of the new version.',
      },
    ],
    [
      'a deployment that lost a pod after its rollout',
      'deployments',
      'apps',
      {
        spec: { replicas: 3 },
        status: {
          ...DEPLOYMENT,
          availableReplicas: 1,
          conditions: [
            condition('Progressing', 'True', {
              reason: 'NewReplicaSetAvailable',
            }),
          ],
        },
      },
      { state: 'degraded', reason: '1 of 3 pods is available.' },
    ],
    [
      'a deployment whose time is over',
      'deployments',
      'apps',
      {
        spec: { replicas: 3 },
        status: {
          ...DEPLOYMENT,
          updatedReplicas: 1,
          conditions: [
            condition('Progressing', 'False', {
              reason: 'ProgressDeadlineExceeded',
            }),
          ],
        },
      },
      { state: 'degraded', word: 'ProgressDeadlineExceeded' },
    ],
    [
      'a deployment whose pods a quota refuses',
      'deployments',
      'apps',
      {
        spec: { replicas: 3 },
        status: {
          ...DEPLOYMENT,
          availableReplicas: 0,
          conditions: [
            condition('ReplicaFailure', 'True', {
              reason: 'FailedCreate',
              message:
                'pods "x" is forbidden: exceeded quota: q, requested: cpu=1, used: cpu=1, limited: cpu=1',
            }),
          ],
        },
      },
      {
        state: 'degraded',
        word: 'FailedCreate',
        reason: expect.stringMatching(/quota q of the namespace is used up/),
      },
    ],
    [
      'a deployment that is scaled to 0',
      'deployments',
      'apps',
      {
        spec: { replicas: 0 },
        status: { observedGeneration: 1 },
      },
      { state: 'suspended', word: 'ScaledDown' },
    ],
    [
      'a deployment that is paused',
      'deployments',
      'apps',
      { spec: { replicas: 3, paused: true }, status: DEPLOYMENT },
      { state: 'suspended', word: 'Paused' },
    ],
    [
      'a stateful set with a partition',
      'statefulsets',
      'apps',
      {
        spec: {
          replicas: 3,
          updateStrategy: { rollingUpdate: { partition: 2 } },
        },
        status: {
          observedGeneration: 1,
          replicas: 3,
          readyReplicas: 3,
          updatedReplicas: 1,
          currentRevision: 'a',
          updateRevision: 'b',
        },
      },
      { state: 'healthy' },
    ],
    [
      'a stateful set in the middle of its rollout',
      'statefulsets',
      'apps',
      {
        spec: { replicas: 3 },
        status: {
          observedGeneration: 1,
          replicas: 3,
          readyReplicas: 3,
          updatedReplicas: 1,
          currentRevision: 'a',
          updateRevision: 'b',
        },
      },
      { state: 'progressing' },
    ],
    [
      'a daemon set that no node runs',
      'daemonsets',
      'apps',
      { status: { observedGeneration: 1, desiredNumberScheduled: 0 } },
      { state: 'healthy', word: 'NoNodes' },
    ],
    [
      'a daemon set that misses a node',
      'daemonsets',
      'apps',
      {
        status: {
          observedGeneration: 1,
          desiredNumberScheduled: 2,
          updatedNumberScheduled: 2,
          numberAvailable: 1,
        },
      },
      { state: 'progressing', reason: '1 of 2 pods is available.' },
    ],
    [
      'a replica set of an old version',
      'replicasets',
      'apps',
      {
        metadata: { generation: 1, ownerReferences: [{ name: 'd' }] },
        spec: { replicas: 0 },
        status: { observedGeneration: 1, replicas: 0 },
      },
      { state: 'healthy', word: 'ScaledDown' },
    ],
    [
      'a job that failed',
      'jobs',
      'batch',
      {
        status: {
          conditions: [
            condition('Failed', 'True', { message: 'too many failures' }),
          ],
        },
      },
      { state: 'degraded', word: 'Failed', reason: 'Too many failures.' },
    ],
    [
      'a job that is done',
      'jobs',
      'batch',
      { status: { conditions: [condition('Complete', 'True')] } },
      { state: 'healthy', word: 'Complete' },
    ],
    [
      'a job that tries again',
      'jobs',
      'batch',
      { status: { active: 1, failed: 1 } },
      { state: 'progressing', word: 'Running', reason: '1 try has failed.' },
    ],
    [
      'a cron job that is suspended',
      'cronjobs',
      'batch',
      { spec: { suspend: true } },
      { state: 'suspended' },
    ],
    [
      'a pod that crashes',
      'pods',
      '',
      {
        spec: { containers: [{ name: 'app' }] },
        status: {
          phase: 'Running',
          containerStatuses: [
            {
              name: 'app',
              restartCount: 2,
              state: { waiting: { reason: 'CrashLoopBackOff' } },
              lastState: { terminated: { exitCode: 127 } },
            },
          ],
        },
      },
      {
        state: 'degraded',
        word: 'CrashLoopBackOff',
        reason: expect.stringMatching(/^The container app ends .*127/),
      },
    ],
    [
      'a pod that has done its work',
      'pods',
      '',
      { status: { phase: 'Succeeded', reason: 'Completed' } },
      { state: 'healthy', word: 'Completed' },
    ],
    [
      'a pod that is being deleted',
      'pods',
      '',
      { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
      { state: 'progressing', word: 'Terminating' },
    ],
    [
      'anything that waits for its finalizers',
      'widgets',
      'example.org',
      {
        metadata: {
          deletionTimestamp: '2026-01-01T00:00:00Z',
          finalizers: ['example.org/cleanup'],
        },
      },
      {
        state: 'progressing',
        word: 'Terminating',
        reason: expect.stringContaining('example.org/cleanup'),
      },
    ],
    [
      'a node that does not answer',
      'nodes',
      '',
      {
        status: {
          conditions: [
            condition('Ready', 'Unknown', { message: 'no word from kubelet' }),
          ],
        },
      },
      { state: 'degraded', word: 'NotReady', reason: 'No word from kubelet.' },
    ],
    [
      'a node that runs short',
      'nodes',
      '',
      {
        status: {
          conditions: [
            condition('DiskPressure', 'True', { message: 'full' }),
            condition('Ready', 'True'),
          ],
        },
      },
      { state: 'degraded', word: 'DiskPressure', reason: 'Full.' },
    ],
    [
      'a node that takes no pods',
      'nodes',
      '',
      {
        spec: { unschedulable: true },
        status: { conditions: [condition('Ready', 'True')] },
      },
      { state: 'suspended' },
    ],
    [
      'a load balancer without an address',
      'services',
      '',
      { spec: { type: 'LoadBalancer' } },
      { state: 'progressing', word: 'Pending' },
    ],
    [
      'a service',
      'services',
      '',
      { spec: { type: 'ClusterIP' } },
      { state: 'healthy' },
    ],
    [
      'a claim without a volume',
      'persistentvolumeclaims',
      '',
      { status: { phase: 'Pending' } },
      { state: 'progressing', word: 'Pending' },
    ],
    [
      'a warning',
      'events',
      '',
      { type: 'Warning' },
      { state: 'degraded', word: 'Warning' },
    ],
    [
      'a route that one of its gateways refuses',
      'httproutes',
      'gateway.networking.k8s.io',
      {
        status: {
          parents: [
            { conditions: [condition('Accepted', 'True')] },
            {
              conditions: [
                condition('Accepted', 'True'),
                condition('ResolvedRefs', 'False', {
                  reason: 'BackendNotFound',
                  message: 'no service web',
                }),
              ],
            },
          ],
        },
      },
      { state: 'degraded', word: 'BackendNotFound' },
    ],
    [
      'an autoscaler without metrics',
      'horizontalpodautoscalers',
      'autoscaling',
      {
        status: {
          conditions: [
            condition('AbleToScale', 'True'),
            condition('ScalingActive', 'False', {
              reason: 'FailedGetResourceMetric',
              message: 'no metrics',
            }),
          ],
        },
      },
      { state: 'degraded', word: 'FailedGetResourceMetric' },
    ],
    [
      'what has nothing that could go wrong',
      'configmaps',
      '',
      {},
      { state: 'healthy' },
    ],
    [
      'an unknown kind without a status',
      'widgets',
      'example.org',
      {},
      { state: 'unknown' },
    ],
    [
      'an unknown kind that is ready',
      'widgets',
      'example.org',
      { status: { conditions: [condition('Ready', 'True')] } },
      { state: 'healthy', word: 'Ready' },
    ],
    [
      'an unknown kind that is not ready',
      'widgets',
      'example.org',
      {
        status: {
          conditions: [
            condition('Ready', 'False', {
              reason: 'BadSpec',
              message: 'size is too large',
            }),
          ],
        },
      },
      {
        state: 'degraded',
        word: 'BadSpec',
        reason: 'Size is too large.',
      },
    ],
    [
      'an unknown kind that gets on',
      'widgets',
      'example.org',
      {
        status: {
          conditions: [condition('Ready', 'False', { reason: 'Provisioning' })],
        },
      },
      { state: 'progressing', word: 'Provisioning' },
    ],
    [
      'an unknown kind that is stalled',
      'widgets',
      'example.org',
      {
        status: {
          conditions: [
            condition('Ready', 'True'),
            condition('Stalled', 'True', { reason: 'Loop' }),
          ],
        },
      },
      { state: 'degraded', word: 'Loop' },
    ],
    [
      'an unknown kind whose status is old',
      'widgets',
      'example.org',
      {
        metadata: { generation: 3 },
        status: {
          observedGeneration: 2,
          conditions: [condition('Ready', 'True')],
        },
      },
      { state: 'progressing' },
    ],
    [
      'an unknown kind by its phase',
      'widgets',
      'example.org',
      { status: { phase: 'Failed', message: 'boom' } },
      { state: 'degraded', word: 'Failed', reason: 'Boom.' },
    ],
    [
      'an unknown kind with a word of its own',
      'widgets',
      'example.org',
      { status: { phase: 'Frobnicating' } },
      { state: 'unknown', word: 'Frobnicating' },
    ],
    [
      'a phase that is the name of something inherited',
      'widgets',
      'example.org',
      { status: { phase: 'constructor' } },
      { state: 'unknown', word: 'constructor' },
    ],
    [
      'a suspended unknown kind',
      'widgets',
      'example.org',
      { spec: { suspend: true } },
      { state: 'suspended' },
    ],
    [
      'a definition',
      'customresourcedefinitions',
      'apiextensions.k8s.io',
      {
        status: {
          conditions: [
            condition('NamesAccepted', 'True'),
            condition('Established', 'True'),
          ],
        },
      },
      { state: 'healthy', word: 'Established' },
    ],
  ])('of %s', (_, plural, group, object, expected) => {
    expect(of(plural, group, object)).toMatchObject(expected);
  });

  it('shows words and reasons of a cluster inert and short', () => {
    const { word, reason } = of('widgets', 'example.org', {
      status: {
        conditions: [
          condition('Ready', 'False', {
            reason: `\u202e${'r'.repeat(5000)}`,
            message: `\u001b[31m${'m'.repeat(1_500_000)}`,
          }),
        ],
      },
    });
    expect(word).toMatch(/^r+…$/);
    expect(word).toHaveLength(128);
    expect(reason).toMatch(/^[Mm]+…$/);
    expect(reason).toHaveLength(1024);
  });
});
