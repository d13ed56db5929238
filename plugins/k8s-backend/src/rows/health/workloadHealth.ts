import type {
  KubernetesObject,
  ResourceHealth,
} from '@backstage-k8s/plugin-k8s-common';
import { creationTrouble } from '../../workloads/creationTrouble';
import { isPodReady } from '../../workloads/podStatus';
import { podTrouble } from '../../workloads/podTrouble';
import type {
  PodObject,
  StatusCondition,
} from '../../workloads/WorkloadObjects';
import { statusOfPod } from '../cells/workloadCells';
import { at, conditionsOf, itemsOf, numberOf, textOf } from '../fields';
import { BEHIND, isBehind } from './conditionHealth';
import { health, sentence } from './Health';

/** Time is no part of an object: what only waiting tells is left to the pages of the workload. */
const NO_TIME = 0;

/** Of a pod, in the words that its deployment's page has for it. */
export function podHealth(pod: KubernetesObject): ResourceHealth {
  const { status: word } = statusOfPod(pod);
  const trouble = podTrouble(pod as PodObject, { events: [], now: NO_TIME });
  if (trouble) {
    return health(
      trouble.weight === 'starting' ? 'progressing' : 'degraded',
      word,
      sentence(trouble.words),
    );
  }
  const isFine =
    at(pod, 'status', 'phase') === 'Succeeded' || isPodReady(pod as PodObject);
  return health(isFine ? 'healthy' : 'progressing', word);
}

/** How many pods a workload wants and has. */
interface Counts {
  desired: number;
  /** Pods of the newest version. */
  updated: number;
  available: number;
  /** Pods of any version. */
  existing: number;
}

const pods = (count: number) => `${count} ${count === 1 ? 'pod' : 'pods'}`;

function countsHealth(counts: Counts, isFailed: boolean): ResourceHealth {
  const { desired, updated, available, existing } = counts;
  const state = isFailed ? 'degraded' : 'progressing';
  const head = `${available} of ${pods(desired)} ${
    available === 1 ? 'is' : 'are'
  } available`;
  if (updated < desired) {
    const rest = `${updated} of ${pods(desired)} ${
      updated === 1 ? 'is' : 'are'
    } of the new version`;
    return health(state, 'Progressing', `${head}, ${rest}.`);
  }
  if (available < desired) return health(state, 'Progressing', `${head}.`);
  if (existing > desired) {
    return health(
      'progressing',
      'Progressing',
      `${pods(existing - desired)} too many ${
        existing - desired === 1 ? 'is' : 'are'
      } still to end.`,
    );
  }
  return health('healthy', 'Available');
}

const count = (object: KubernetesObject, field: string) =>
  numberOf(at(object, 'status', field)) ?? 0;

const desiredOf = (object: KubernetesObject) =>
  numberOf(at(object, 'spec', 'replicas')) ?? 1;

function isUnseen(object: KubernetesObject): boolean {
  return (
    isBehind(object) || at(object, 'status', 'observedGeneration') === undefined
  );
}

function scaledToZero(object: KubernetesObject): ResourceHealth {
  const left = count(object, 'replicas');
  return left > 0
    ? health('progressing', 'Progressing', `${pods(left)} still to end.`)
    : health('suspended', 'ScaledDown', 'Scaled to 0: no pod is wanted.');
}

/** Why no pods can be made. */
function refusal(object: KubernetesObject): ResourceHealth | undefined {
  const conditions = conditionsOf(object) as StatusCondition[];
  const trouble = creationTrouble({ conditions });
  return trouble && health('degraded', trouble.code, sentence(trouble.words));
}

/** Of a Deployment, without a look at its pods. */
export function deploymentHealth(object: KubernetesObject): ResourceHealth {
  if (isUnseen(object)) return BEHIND;
  const refused = refusal(object);
  if (refused) return refused;
  if (at(object, 'spec', 'paused') === true) {
    return health(
      'suspended',
      'Paused',
      'The rollout is paused: changes take effect when it is resumed.',
    );
  }
  const desired = desiredOf(object);
  if (desired === 0) return scaledToZero(object);
  const progress = conditionsOf(object).find(
    ({ type }) => type === 'Progressing',
  );
  const isLate = progress?.reason === 'ProgressDeadlineExceeded';
  const wasComplete = progress?.reason === 'NewReplicaSetAvailable';
  const available = count(object, 'availableReplicas');
  const updated = count(object, 'updatedReplicas');
  const result = countsHealth(
    { desired, updated, available, existing: count(object, 'replicas') },
    isLate || (wasComplete && updated >= desired && available < desired),
  );
  return isLate && result.state === 'degraded'
    ? { ...result, word: 'ProgressDeadlineExceeded' }
    : result;
}

/** Of a StatefulSet. */
export function statefulSetHealth(object: KubernetesObject): ResourceHealth {
  if (isUnseen(object)) return BEHIND;
  const desired = desiredOf(object);
  if (desired === 0) return scaledToZero(object);
  const partition =
    numberOf(
      at(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition'),
    ) ?? 0;
  const isOnDelete =
    at(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
  const isUpdated =
    textOf(at(object, 'status', 'currentRevision')) ===
    textOf(at(object, 'status', 'updateRevision'));
  // Pods below the partition, and those that somebody has to delete first, stay at the old version on purpose.
  const wanted = isOnDelete ? 0 : Math.max(0, desired - partition);
  const updated = count(object, 'updatedReplicas');
  return countsHealth(
    {
      desired,
      updated: isUpdated || updated >= wanted ? desired : updated,
      available: count(object, 'readyReplicas'),
      existing: count(object, 'replicas'),
    },
    false,
  );
}

/** Of a DaemonSet. */
export function daemonSetHealth(object: KubernetesObject): ResourceHealth {
  if (isUnseen(object)) return BEHIND;
  const desired = count(object, 'desiredNumberScheduled');
  if (desired === 0) {
    return health('healthy', 'NoNodes', 'No node is meant to run it.');
  }
  const isOnDelete =
    at(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
  return countsHealth(
    {
      desired,
      updated: isOnDelete ? desired : count(object, 'updatedNumberScheduled'),
      available: count(object, 'numberAvailable'),
      existing: desired,
    },
    false,
  );
}

/** Of a ReplicaSet or ReplicationController. Of a Deployment's older versions nothing is wanted. */
export function replicaSetHealth(object: KubernetesObject): ResourceHealth {
  if (isUnseen(object)) return BEHIND;
  const refused = refusal(object);
  if (refused) return refused;
  const desired = desiredOf(object);
  if (desired === 0 && count(object, 'replicas') === 0) {
    const isOwned = itemsOf(object.metadata.ownerReferences).length > 0;
    return isOwned ? health('healthy', 'ScaledDown') : scaledToZero(object);
  }
  return countsHealth(
    {
      desired,
      updated: desired,
      available: count(object, 'readyReplicas'),
      existing: count(object, 'replicas'),
    },
    false,
  );
}

/** Of a Job. */
export function jobHealth(object: KubernetesObject): ResourceHealth {
  const conditions = conditionsOf(object).filter(
    ({ status }) => status === 'True',
  );
  const find = (type: string) =>
    conditions.find(condition => condition.type === type);
  const failed = find('Failed') ?? find('FailureTarget');
  if (failed) {
    return health(
      'degraded',
      'Failed',
      sentence(failed.message || failed.reason),
    );
  }
  if (find('Complete')) return health('healthy', 'Complete');
  if (find('Suspended') || at(object, 'spec', 'suspend') === true) {
    return health('suspended', 'Suspended');
  }
  const failures = count(object, 'failed');
  return health(
    'progressing',
    count(object, 'active') > 0 ? 'Running' : 'Pending',
    failures > 0
      ? `${failures} ${failures === 1 ? 'try has' : 'tries have'} failed.`
      : undefined,
  );
}

/** Of a CronJob. */
export function cronJobHealth(object: KubernetesObject): ResourceHealth {
  if (at(object, 'spec', 'suspend') === true) {
    return health('suspended', 'Suspended');
  }
  const active = itemsOf(at(object, 'status', 'active')).length;
  return health('healthy', active > 0 ? 'Running' : 'Scheduled');
}
