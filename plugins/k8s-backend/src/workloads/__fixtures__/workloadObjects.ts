/** Objects as a real cluster has them, for tests; each function takes what differs. */
import type {
  ContainerState,
  ContainerStatus,
  DeploymentObject,
  EventObject,
  PodObject,
  ReplicaSetObject,
  StatusCondition,
} from '../WorkloadObjects';

export const NOW = Date.parse('2026-11-23T12:00:00Z');
export const IMAGE = 'registry.example/app:1.8.3';

const at = (secondsAgo: number) =>
  new Date(NOW - secondsAgo * 1000).toISOString().replace('.000Z', 'Z');

const template = (image: string) => ({
  metadata: { labels: { app: 'payments' } },
  spec: { containers: [{ name: 'app', image }] },
});

/** A deployment of three replicas whose rollout is complete. */
export function deployment(
  options: {
    spec?: DeploymentObject['spec'];
    status?: DeploymentObject['status'];
    conditions?: StatusCondition[];
    metadata?: Partial<DeploymentObject['metadata']>;
  } = {},
): DeploymentObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'payments',
      namespace: 'shop',
      uid: 'deployment-1',
      resourceVersion: '100',
      generation: 2,
      creationTimestamp: at(86_400),
      annotations: { 'deployment.kubernetes.io/revision': '2' },
      ...options.metadata,
    },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'payments' } },
      template: template(IMAGE),
      ...options.spec,
    },
    status: {
      observedGeneration: 2,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      conditions: options.conditions ?? [
        progressing('NewReplicaSetAvailable', 'True', 3600),
      ],
      ...options.status,
    },
  };
}

export function progressing(
  reason: string,
  status: string,
  secondsAgo: number,
): StatusCondition {
  return {
    type: 'Progressing',
    status,
    reason,
    lastUpdateTime: at(secondsAgo),
    lastTransitionTime: at(secondsAgo),
  };
}

export function replicaSet(
  revision: number,
  options: {
    replicas?: number;
    image?: string;
    conditions?: StatusCondition[];
    annotations?: Record<string, string>;
  } = {},
): ReplicaSetObject {
  const image = options.image ?? IMAGE;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `payments-${revision}`,
      namespace: 'shop',
      uid: `replicaset-${revision}`,
      labels: { app: 'payments', 'pod-template-hash': `hash${revision}` },
      creationTimestamp: at(7200 - revision),
      annotations: {
        'deployment.kubernetes.io/revision': String(revision),
        ...options.annotations,
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'payments',
          uid: 'deployment-1',
          controller: true,
        },
      ],
    },
    spec: {
      replicas: options.replicas ?? 3,
      template: {
        ...template(image),
        metadata: {
          labels: { app: 'payments', 'pod-template-hash': `hash${revision}` },
        },
      },
    },
    status: { replicas: options.replicas ?? 3, conditions: options.conditions },
  };
}

let pods = 0;

/** A pod that runs and is ready, unless a state or conditions say otherwise. */
export function pod(
  options: {
    revision?: number;
    name?: string;
    phase?: string;
    state?: ContainerState;
    container?: Partial<ContainerStatus>;
    conditions?: StatusCondition[];
    spec?: PodObject['spec'];
    status?: PodObject['status'];
    metadata?: Partial<PodObject['metadata']>;
  } = {},
): PodObject {
  pods += 1;
  const revision = options.revision ?? 2;
  const isReady = options.state === undefined && options.phase === undefined;
  const name = options.name ?? `payments-${revision}-${pods}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: `pod-${name}`,
      labels: { app: 'payments', 'pod-template-hash': `hash${revision}` },
      creationTimestamp: at(600),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `payments-${revision}`,
          uid: `replicaset-${revision}`,
          controller: true,
        },
      ],
      ...options.metadata,
    },
    spec: {
      nodeName: 'node-1',
      containers: [{ name: 'app', image: IMAGE }],
      ...options.spec,
    },
    status: {
      phase: options.phase ?? (isReady ? 'Running' : 'Pending'),
      conditions: options.conditions ?? [
        {
          type: 'Ready',
          status: isReady ? 'True' : 'False',
          lastTransitionTime: at(300),
        },
        { type: 'PodScheduled', status: 'True' },
      ],
      containerStatuses: [
        {
          name: 'app',
          ready: isReady,
          restartCount: 0,
          image: IMAGE,
          state: options.state ?? { running: { startedAt: at(590) } },
          ...options.container,
        },
      ],
      ...options.status,
    },
  };
}

/** A pod whose container waits. */
export function waitingPod(reason: string, message?: string): PodObject {
  return pod({ state: { waiting: { reason, message } } });
}

/** A pod that the scheduler finds no node for. */
export function unschedulablePod(message: string): PodObject {
  return pod({
    phase: 'Pending',
    spec: { nodeName: undefined },
    status: { phase: 'Pending', containerStatuses: undefined },
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message,
        lastTransitionTime: at(200),
      },
    ],
  });
}

let events = 0;

/** A warning about an object, or whatever the options say. */
export function event(
  about: { kind?: string; metadata: PodObject['metadata'] },
  options: Partial<EventObject> & { secondsAgo?: number },
): EventObject {
  const { secondsAgo = 60, ...rest } = options;
  events += 1;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${about.metadata.name}.${events}`,
      namespace: about.metadata.namespace,
      uid: `event-${events}`,
    },
    type: 'Warning',
    count: 1,
    firstTimestamp: at(secondsAgo + 60),
    lastTimestamp: at(secondsAgo),
    involvedObject: {
      kind: about.kind ?? 'Pod',
      name: about.metadata.name,
      namespace: about.metadata.namespace,
      uid: about.metadata.uid,
    },
    source: { component: 'kubelet' },
    ...rest,
  };
}
