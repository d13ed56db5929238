import {
  deployment,
  event,
  IMAGE,
  NOW,
  pod,
  progressing,
  replicaSet,
  unschedulablePod,
  waitingPod,
} from './__fixtures__/workloadObjects';
import { rolloutState } from './rollout';
import type {
  DeploymentObject,
  EventObject,
  PodObject,
  ReplicaSetObject,
} from './WorkloadObjects';

const UPDATING = {
  status: {
    observedGeneration: 2,
    replicas: 5,
    updatedReplicas: 3,
    readyReplicas: 2,
    availableReplicas: 2,
    conditions: [progressing('ReplicaSetUpdated', 'True', 120)],
  },
};
const FIRST = {
  status: {
    observedGeneration: 2,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 0,
    availableReplicas: 0,
    conditions: [progressing('ReplicaSetUpdated', 'True', 120)],
  },
};
const oldPods = () => [pod({ revision: 1 }), pod({ revision: 1 })];

function state(
  object: DeploymentObject,
  options: {
    pods?: PodObject[];
    events?: EventObject[];
    replicaSets?: ReplicaSetObject[];
  } = {},
) {
  return rolloutState(object, {
    replicaSets: [replicaSet(1, { replicas: 2 }), replicaSet(2)],
    pods: [],
    events: [],
    now: NOW,
    ...options,
  });
}

const crashed = (terminated: object, restartCount = 4) =>
  pod({
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    phase: 'Running',
    container: { restartCount, lastState: { terminated } },
    spec: {
      containers: [
        {
          name: 'app',
          image: IMAGE,
          resources: { limits: { memory: '64Mi' } },
        },
      ],
    },
  });

describe('rolloutState without trouble', () => {
  it.each<[string, DeploymentObject, PodObject[], object]>([
    [
      'complete',
      deployment(),
      [],
      { state: 'complete', since: '2026-11-23T11:00:00Z' },
    ],
    [
      'not yet seen by its controller, whatever its old status says',
      deployment({ metadata: { generation: 3 } }),
      [],
      {
        state: 'progressing',
        reason: 'The cluster has not taken up the last change yet.',
      },
    ],
    [
      'scaled to 0',
      deployment({ spec: { replicas: 0 }, status: { replicas: 0 } }),
      [],
      { state: 'scaledDown' },
    ],
    [
      'on its way to 0',
      deployment({ spec: { replicas: 0 }, status: { replicas: 2 } }),
      [],
      { state: 'progressing', reason: 'Scaled to 0: 2 pods are still to end.' },
    ],
    [
      'old pods still ending',
      deployment({
        status: { ...UPDATING.status, replicas: 4, availableReplicas: 3 },
      }),
      [pod(), pod(), pod(), pod({ revision: 1 })],
      {
        state: 'progressing',
        reason:
          'All 3 new pods are ready; pods of the old version are still to end.',
      },
    ],
    [
      'pods just being made',
      deployment(FIRST),
      [waitingPod('ContainerCreating')],
      { state: 'progressing', reason: 'None of 3 pods is ready.' },
    ],
    [
      'a probe that has not passed yet',
      deployment(FIRST),
      [pod({ phase: 'Running', state: { running: {} } })],
      {
        state: 'progressing',
        code: 'ContainersNotReady',
      },
    ],
    [
      'paused',
      deployment({ ...FIRST, spec: { paused: true } }),
      [pod(), pod(), pod()],
      {
        state: 'paused',
        reason:
          'The rollout is paused: changes take effect when it is resumed.',
      },
    ],
  ])('%s', (_, object, pods, expected) => {
    const result = state(object, { pods });
    expect(result.rollout).toMatchObject(expected);
    expect(result.hasFailed).toBe(false);
  });

  it('waits a minute for a pod of a complete rollout, then calls it stuck', () => {
    const object = deployment({
      status: { ...FIRST.status, conditions: undefined },
    });
    object.status!.conditions = [
      progressing('NewReplicaSetAvailable', 'True', 9999),
    ];
    const sick = (lastTransitionTime: string) =>
      pod({
        phase: 'Running',
        state: { running: {} },
        conditions: [
          { type: 'ContainersReady', status: 'False', lastTransitionTime },
        ],
      });
    expect(
      state(object, { pods: [sick('2026-11-23T11:59:30Z')] }).rollout.state,
    ).toBe('progressing');
    expect(
      state(object, { pods: [sick('2026-11-23T11:50:00Z')] }).rollout,
    ).toMatchObject({ state: 'stuck', since: '2026-11-23T11:50:00Z' });
  });
});

describe('rolloutState with trouble', () => {
  it('says cause, and what still serves', () => {
    const pods = [1, 2, 3].map(() =>
      waitingPod('ImagePullBackOff', `Back-off pulling image "${IMAGE}"`),
    );
    const result = state(deployment(UPDATING), {
      pods: [...pods, ...oldPods()],
      events: pods.map(about =>
        event(about, {
          reason: 'Failed',
          message: `Failed to pull image "${IMAGE}": failed to authorize: unexpected status from HEAD request to https://registry.example/v2/app/manifests/1.8.3: 403 Forbidden`,
        }),
      ),
    });
    expect(result).toEqual({
      rollout: {
        state: 'stuck',
        code: 'ImagePullBackOff',
        reason:
          'None of 3 new pods is ready: the image registry.example/app:1.8.3 cannot be pulled (403 from the registry). The old version still serves with 2 pods.',
        advice:
          'Check that the pull secret of the pods may read this repository, and that the image exists.',
        since: '2026-11-23T11:55:00Z',
      },
      hasFailed: true,
    });
  });

  it('counts the pods of the most common cause', () => {
    const pods = [
      waitingPod('ErrImagePull', 'i/o timeout'),
      waitingPod('ImagePullBackOff', 'manifest unknown'),
      waitingPod('ImagePullBackOff', 'manifest unknown'),
    ];
    expect(state(deployment(FIRST), { pods }).rollout.reason).toBe(
      `None of 3 pods is ready: for 2 of them the image ${IMAGE} cannot be pulled (the registry does not have it).`,
    );
  });

  it.each<[string, PodObject, string, string, boolean]>([
    [
      'name',
      waitingPod('InvalidImageName'),
      'InvalidImageName',
      `the image name ${IMAGE} is not valid`,
      true,
    ],
    [
      '401',
      waitingPod('ErrImagePull', 'pull: 401 Unauthorized'),
      'ErrImagePull',
      '(401 from the registry)',
      true,
    ],
    [
      'DNS',
      waitingPod('ErrImagePull', 'lookup x: no such host'),
      'ErrImagePull',
      "(the registry's name cannot be resolved)",
      false,
    ],
    [
      'network',
      waitingPod('ErrImagePull', 'dial tcp: i/o timeout'),
      'ErrImagePull',
      '(the registry cannot be reached)',
      false,
    ],
    [
      'no cause said',
      waitingPod('ImagePullBackOff'),
      'ImagePullBackOff',
      `the image ${IMAGE} cannot be pulled.`,
      false,
    ],
    [
      'exit code',
      crashed({ exitCode: 3, reason: 'Error' }),
      'CrashLoopBackOff',
      'the container app ends with exit code 3, restarted 4 times.',
      false,
    ],
    [
      'out of memory',
      crashed({ exitCode: 137, reason: 'OOMKilled' }),
      'CrashLoopBackOff',
      'more memory than its limit of 64Mi (OOMKilled)',
      false,
    ],
    [
      'signal',
      crashed({ exitCode: 139 }),
      'CrashLoopBackOff',
      'SIGSEGV',
      false,
    ],
    [
      'ends without an error',
      crashed({ exitCode: 0 }, 1),
      'CrashLoopBackOff',
      'ends by itself without an error, but has to keep running, restarted once',
      false,
    ],
    [
      'no such program',
      waitingPod(
        'RunContainerError',
        'exec: "serve": executable file not found in $PATH',
      ),
      'RunContainerError',
      'cannot start: the image has no program serve',
      true,
    ],
    [
      'missing ConfigMap',
      waitingPod(
        'CreateContainerConfigError',
        'configmap "settings" not found',
      ),
      'CreateContainerConfigError',
      'the ConfigMap settings does not exist',
      false,
    ],
    [
      'missing key',
      waitingPod(
        'CreateContainerConfigError',
        "couldn't find key url in Secret shop/db",
      ),
      'CreateContainerConfigError',
      'the Secret shop/db has no key url',
      false,
    ],
    [
      'no room',
      unschedulablePod(
        '0/3 nodes are available: 1 node(s) had untolerated taint {team: a, b}, 2 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found.',
      ),
      'Unschedulable',
      'of 3 nodes 2 have too little free CPU, 1 has a taint that the pod does not tolerate',
      false,
    ],
    [
      'selector',
      unschedulablePod(
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
      ),
      'Unschedulable',
      "the only node has not the labels that the pod's node selector or affinity asks for",
      false,
    ],
    [
      'volume claim',
      unschedulablePod(
        '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: not eligible',
      ),
      'Unschedulable',
      'the scheduler finds no node: its volume claim has no volume yet',
      false,
    ],
  ])('%s', (_, sick, code, words, hasFailed) => {
    const result = state(deployment(FIRST), { pods: [sick] });
    expect(result.rollout).toMatchObject({ state: 'stuck', code });
    expect(result.rollout.reason).toContain(words);
    expect(result.rollout.advice).toMatch(/^[A-Z].*\.$/);
    expect(result.hasFailed).toBe(hasFailed);
  });

  it.each([
    [
      'pods "a" is forbidden: exceeded quota: compute, requested: requests.cpu=1, used: requests.cpu=2, limited: requests.cpu=2',
      'the quota compute of the namespace is used up (asked for requests.cpu=1, used requests.cpu=2, limit requests.cpu=2)',
      false,
    ],
    [
      'pods "a" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      'the Pod Security level restricted:latest of the namespace forbids them',
      true,
    ],
    [
      'admission webhook "images.example" denied the request: unsigned',
      'the admission webhook images.example refuses them: unsigned',
      true,
    ],
    [
      'pods "a" is forbidden: error looking up service account shop/robot: serviceaccount "robot" not found',
      'the service account shop/robot does not exist',
      false,
    ],
  ])('refused pods: %s', (message, words, hasFailed) => {
    const result = state(
      deployment({
        status: {
          ...FIRST.status,
          conditions: [
            progressing('ReplicaSetUpdated', 'True', 60),
            {
              type: 'ReplicaFailure',
              status: 'True',
              reason: 'FailedCreate',
              message,
            },
          ],
        },
      }),
    );
    expect(result.rollout).toMatchObject({
      state: 'stuck',
      code: 'FailedCreate',
    });
    expect(result.rollout.reason).toContain(words);
    expect(result.hasFailed).toBe(hasFailed);
  });

  it('names the failing probe once the deadline has passed', () => {
    const sick = pod({ phase: 'Running', state: { running: {} } });
    const result = state(
      deployment({
        status: {
          ...FIRST.status,
          conditions: [progressing('ProgressDeadlineExceeded', 'False', 30)],
        },
      }),
      {
        pods: [sick],
        events: [
          event(sick, {
            reason: 'Unhealthy',
            message:
              'Readiness probe failed: HTTP probe failed with statuscode: 503',
          }),
        ],
      },
    );
    expect(result).toMatchObject({
      rollout: {
        state: 'stuck',
        code: 'Unhealthy',
        reason:
          'None of 3 pods is ready: for 1 of them the readiness probe of the container app fails (HTTP probe failed with statuscode: 503).',
      },
      hasFailed: true,
    });
  });

  it('says that the deadline has passed where nothing else is known', () => {
    const result = state(
      deployment({
        status: {
          ...FIRST.status,
          conditions: [progressing('ProgressDeadlineExceeded', 'False', 30)],
        },
      }),
    );
    expect(result.rollout).toMatchObject({
      state: 'stuck',
      code: 'ProgressDeadlineExceeded',
      reason: 'None of 3 pods is ready: nothing got on for 600 seconds.',
    });
    expect(result.hasFailed).toBe(true);
  });

  it('finds trouble again after a complete rollout', () => {
    const result = state(
      deployment({
        status: {
          ...FIRST.status,
          availableReplicas: 2,
          conditions: [progressing('NewReplicaSetAvailable', 'True', 9999)],
        },
      }),
      { pods: [pod(), pod(), crashed({ exitCode: 1 })] },
    );
    expect(result.rollout.reason).toBe(
      '2 of 3 pods are ready: the container app ends with exit code 1, restarted 4 times.',
    );
  });

  it('shows text of the cluster inert', () => {
    const sick = waitingPod(
      'CreateContainerConfigError',
      '\u001b[2J\u202eevil\n<script>',
    );
    const { reason } = state(deployment(FIRST), { pods: [sick] }).rollout;
    expect(reason).toContain('evil <script>');
    for (const character of ['\u001b', '\u202e', '\n']) {
      expect(reason).not.toContain(character);
    }
  });

  it('survives objects with nothing in them', () => {
    expect(
      rolloutState(
        { metadata: {} },
        { replicaSets: [], pods: [{ metadata: {} }], events: [], now: NOW },
      ).rollout.state,
    ).toBe('progressing');
  });
});
