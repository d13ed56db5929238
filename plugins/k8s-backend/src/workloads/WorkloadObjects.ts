/**
 * The parts of Kubernetes' objects that are read here. Everything is optional: what an API server answers is data, and a
 * kind's older versions lack fields.
 */
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container */
export interface ContainerSpec {
  name: string;
  image?: string;
  /** `Always` on an init container makes it run beside the others. */
  restartPolicy?: string;
  resources?: {
    requests?: Record<string, string>;
    limits?: Record<string, string>;
  };
  [field: string]: unknown;
}

/** What a pod is made of. */
export interface PodSpec {
  containers?: ContainerSpec[];
  initContainers?: ContainerSpec[];
  nodeName?: string;
  /** Conditions that others set and that it has to have beside ready containers. */
  readinessGates?: { conditionType: string }[];
  resources?: ContainerSpec['resources'];
  overhead?: Record<string, string>;
  [field: string]: unknown;
}

/** What new pods are made from. */
export interface PodTemplate {
  metadata?: {
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  spec?: PodSpec;
}

/** A condition of an object's status. */
export interface StatusCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
}

/** How a container ended. */
export interface TerminatedState {
  exitCode?: number;
  signal?: number;
  reason?: string;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
}

/** What a container does; at most one of the three. */
export interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: TerminatedState;
}

/** How a container of a pod is. */
export interface ContainerStatus {
  name: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  image?: string;
  state?: ContainerState;
  lastState?: ContainerState;
}

/** A Pod. */
export interface PodObject extends KubernetesObject {
  spec?: PodSpec;
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    conditions?: StatusCondition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

/** A DeploymentSpec; fields that are not named here are carried along. */
export interface DeploymentSpec {
  replicas?: number;
  paused?: boolean;
  selector?: { matchLabels?: Record<string, string>; [field: string]: unknown };
  template?: PodTemplate;
  strategy?: { type?: string };
  [field: string]: unknown;
}

/** A Deployment. */
export interface DeploymentObject extends KubernetesObject {
  spec?: DeploymentSpec;
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    conditions?: StatusCondition[];
  };
}

/** A ReplicaSet. */
export interface ReplicaSetObject extends KubernetesObject {
  spec?: { replicas?: number; template?: PodTemplate };
  status?: {
    replicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    conditions?: StatusCondition[];
  };
}

/** An Event of the core group; newer writers fill `eventTime` and `series` instead of the timestamps and the count. */
export interface EventObject extends KubernetesObject {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string } | null;
  involvedObject?: {
    kind?: string;
    namespace?: string;
    name?: string;
    uid?: string;
  };
  source?: { component?: string; host?: string };
  reportingComponent?: string;
}

/** What belongs to a deployment. */
export interface DeploymentParts {
  replicaSets: ReplicaSetObject[];
  pods: PodObject[];
  /** About the deployment, its ReplicaSets or its pods. */
  events: EventObject[];
}

/** The condition of that type, where there is one. */
export function conditionOf(
  status: { conditions?: StatusCondition[] } | undefined,
  type: string,
): StatusCondition | undefined {
  return status?.conditions?.find(condition => condition.type === type);
}

/** UID of the object that keeps this one as it is, where one does. */
export function controllerUid(object: KubernetesObject): string | undefined {
  return object.metadata.ownerReferences?.find(owner => owner.controller)?.uid;
}

/** When an event was last seen, RFC 3339; empty where its writer did not say. */
export function eventTime(event: EventObject): string {
  return (
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp ??
    ''
  );
}

/** Events by the UID of the object that they are about. */
export function eventsByObject(
  events: readonly EventObject[],
): (object: KubernetesObject) => readonly EventObject[] {
  const groups = new Map<string | undefined, EventObject[]>();
  for (const event of events) {
    const uid = event.involvedObject?.uid;
    const group = groups.get(uid);
    if (group) group.push(event);
    else groups.set(uid, [event]);
  }
  return ({ metadata }) => groups.get(metadata.uid) ?? [];
}
