/**
 * How far a deployment's rollout is, and if it does not get on, why: in one or two sentences that name the cause, not its
 * symptom. Trouble of pods counts at once, not only when the progress deadline (ten minutes by default) has passed.
 */
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { ANNOTATION_REVISION } from '@backstage-k8s/plugin-k8s-common';
import { creationTrouble } from './creationTrouble';
import { isPodFinished, isPodReady } from './podStatus';
import { podTrouble } from './podTrouble';
import { conditionOf, eventsByObject } from './WorkloadObjects';
import type {
  DeploymentObject,
  DeploymentParts,
  PodObject,
  ReplicaSetObject,
} from './WorkloadObjects';
import type { Trouble } from './Trouble';

/** After a complete rollout a pod may be not ready for so long (a restart, a moved pod) before it counts as trouble. */
const NOT_READY_GRACE_MS = 60_000;

/** A deployment's rollout, and whether its trouble can pass. */
export interface RolloutState {
  rollout: Schema<'Rollout'>;
  /** The trouble does not pass by itself: waiting for the rollout is in vain. */
  hasFailed: boolean;
}

/** Trouble with how many pods have it. */
interface Cause {
  trouble: Trouble;
  pods: number;
}

/** Revision of a Deployment or ReplicaSet, where it has one. */
export function revisionOf(object: {
  metadata: { annotations?: Record<string, string> };
}): number | undefined {
  const revision = Number(object.metadata.annotations?.[ANNOTATION_REVISION]);
  return Number.isSafeInteger(revision) && revision > 0 ? revision : undefined;
}

/** Whether the deployment's controller has seen the newest version of its spec. */
export function isObserved({ metadata, status }: DeploymentObject): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

/** The ReplicaSet of the deployment's present template, once its controller made it. */
export function newReplicaSet(
  deployment: DeploymentObject,
  replicaSets: readonly ReplicaSetObject[],
): ReplicaSetObject | undefined {
  const revision = revisionOf(deployment);
  if (revision === undefined || !isObserved(deployment)) return undefined;
  return replicaSets.find(replicaSet => revisionOf(replicaSet) === revision);
}

/** Pods that count: not ending, and not finished ones that were replaced already. */
const lives = (pod: PodObject) =>
  !pod.metadata.deletionTimestamp && !isPodFinished(pod);

function causesOf(
  pods: readonly PodObject[],
  parts: DeploymentParts,
  now: number,
): Cause[] {
  const eventsOf = eventsByObject(parts.events);
  const causes = new Map<string, Cause>();
  for (const pod of pods) {
    const trouble = podTrouble(pod, { events: eventsOf(pod), now });
    if (!trouble) continue;
    // Restart counts and node counts differ from pod to pod while the cause is one.
    const key = `${trouble.code} ${trouble.words.replace(/\d+/g, '#')}`;
    const cause = causes.get(key);
    if (!cause) causes.set(key, { trouble, pods: 1 });
    else {
      cause.pods += 1;
      if ((trouble.since ?? '') < (cause.trouble.since ?? '')) {
        cause.trouble = trouble;
      }
    }
  }
  const order = ['certain', 'likely', 'starting'];
  return [...causes.values()].sort(
    (one, other) =>
      Number(one.trouble.weight === 'starting') -
        Number(other.trouble.weight === 'starting') ||
      other.pods - one.pods ||
      order.indexOf(one.trouble.weight) - order.indexOf(other.trouble.weight),
  );
}

const count = (number: number, kind: string) =>
  `${number} ${kind}${number === 1 ? 'pod' : 'pods'}`;

function headCount(ready: number, total: number, kind: string): string {
  if (ready >= total)
    return total === 1
      ? `The ${kind}pod is ready`
      : `All ${count(total, kind)} are ready`;
  if (total === 1) return `The ${kind}pod is not ready`;
  return ready === 0
    ? `None of ${count(total, kind)} is ready`
    : `${ready} of ${count(total, kind)} ${ready === 1 ? 'is' : 'are'} ready`;
}

interface Facts {
  /** What counts the pods, as the beginning of a sentence. */
  head: string;
  missing: number;
  /** A sentence about the pods of older revisions; empty where there are none. */
  old: string;
  newest?: ReplicaSetObject;
  causes: Cause[];
}

function factsOf(
  deployment: DeploymentObject,
  parts: DeploymentParts,
  now: number,
): Facts {
  const newest = newReplicaSet(deployment, parts.replicaSets);
  const isNew = (pod: PodObject) =>
    pod.metadata.ownerReferences?.some(
      ({ uid }) => uid === newest?.metadata.uid,
    );
  const newPods = newest
    ? parts.pods.filter(pod => isNew(pod) && lives(pod))
    : [];
  const readyOld = parts.pods.filter(
    pod => !isNew(pod) && lives(pod) && isPodReady(pod),
  ).length;
  const ready = newPods.filter(isPodReady).length;
  const desired = deployment.spec?.replicas ?? 1;
  // While a rollout runs its ReplicaSet is made larger step by step: what it has to reach now is what counts.
  const total =
    Math.max(newest?.spec?.replicas ?? desired, newPods.length) || desired;
  const hasOld = parts.pods.some(pod => !isNew(pod) && lives(pod));
  let old = '';
  if (newest && hasOld) {
    old =
      readyOld > 0
        ? ` The old version still serves with ${count(readyOld, '')}.`
        : ' No pod of the old version is ready.';
  }
  return {
    head: headCount(ready, total, hasOld ? 'new ' : ''),
    missing: total - ready,
    old,
    newest,
    causes: causesOf(newPods, parts, now),
  };
}

/** `None of 3 new pods is ready: for 2 of them the image … cannot be pulled. The old version …`. */
function sentence({ head, missing, old }: Facts, cause: Cause | undefined) {
  if (!cause) return `${head}.${old}`;
  const some = cause.pods < missing ? `for ${cause.pods} of them ` : '';
  return `${head}: ${some}${cause.trouble.words}.${old}`;
}

function withTrouble(
  state: Schema<'Rollout'>['state'],
  facts: Facts,
  cause: Cause,
): RolloutState {
  const { code, advice, since, weight } = cause.trouble;
  const reason = sentence(facts, cause);
  return {
    rollout: { state, reason, code, advice, ...(since && { since }) },
    hasFailed: state === 'stuck' && weight === 'certain',
  };
}

const calm = (rollout: Schema<'Rollout'>): RolloutState => ({
  rollout,
  hasFailed: false,
});

/** The rollout of a deployment that has what it wants, which no pod or event says more of; undefined for every other. */
export function restingRollout(
  deployment: DeploymentObject,
): Schema<'Rollout'> | undefined {
  const { spec, status, metadata } = deployment;
  const desired = spec?.replicas ?? 1;
  const existing = status?.replicas ?? 0;
  if (!isObserved(deployment)) return undefined;
  if (desired === 0 && existing === 0) {
    return { state: 'scaledDown', reason: 'Scaled to 0: no pod is wanted.' };
  }
  const updated = status?.updatedReplicas ?? 0;
  const available = status?.availableReplicas ?? 0;
  const isComplete =
    updated >= desired && existing <= updated && available >= updated;
  if (desired === 0 || spec?.paused || !isComplete) return undefined;
  const progressing = conditionOf(status, 'Progressing');
  const since = progressing?.lastUpdateTime ?? metadata.creationTimestamp;
  return { state: 'complete', ...(since && { since }) };
}

/** The state of a deployment's rollout; `now` in milliseconds since 1970. */
export function rolloutState(
  deployment: DeploymentObject,
  options: DeploymentParts & { now: number },
): RolloutState {
  const { spec, status, metadata } = deployment;
  const { now } = options;
  const resting = restingRollout(deployment);
  if (resting) return calm(resting);
  const progressing = conditionOf(status, 'Progressing');
  const changedAt = progressing?.lastUpdateTime ?? metadata.creationTimestamp;
  const since = changedAt ? { since: changedAt } : {};

  if (!isObserved(deployment)) {
    const reason = 'The cluster has not taken up the last change yet.';
    return calm({ state: 'progressing', reason });
  }
  if ((spec?.replicas ?? 1) === 0) {
    const existing = status?.replicas ?? 0;
    return calm({
      state: 'progressing',
      reason: `Scaled to 0: ${count(existing, '')} ${
        existing === 1 ? 'is' : 'are'
      } still to end.`,
    });
  }
  const facts = factsOf(deployment, options, now);
  const refusal =
    creationTrouble(status) ?? creationTrouble(facts.newest?.status);
  // Pods that cannot even be made outweigh what ails those that were.
  const cause: Cause | undefined = refusal
    ? { trouble: refusal, pods: facts.missing }
    : facts.causes[0];
  const isTrouble = cause !== undefined && cause.trouble.weight !== 'starting';

  if (spec?.paused) {
    const reason = `The rollout is paused: changes take effect when it is resumed.${
      isTrouble ? ` ${sentence(facts, cause)}` : ''
    }`;
    const advice = 'Set spec.paused to false to resume it.';
    return calm({
      state: 'paused',
      reason,
      advice,
      code: 'DeploymentPaused',
      ...since,
    });
  }
  if (isTrouble) return withTrouble('stuck', facts, cause);

  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    const late: Trouble = {
      code: 'ProgressDeadlineExceeded',
      words: `nothing got on for ${
        spec?.progressDeadlineSeconds ?? 600
      } seconds`,
      advice: 'Look at the pods and their events.',
      weight: 'certain',
    };
    return withTrouble('stuck', facts, {
      pods: cause?.pods ?? facts.missing,
      trouble: {
        ...late,
        ...(cause && { ...cause.trouble, weight: 'certain' }),
        since: changedAt,
      },
    });
  }
  const wasComplete = progressing?.reason === 'NewReplicaSetAvailable';
  const isOverdue =
    now - Date.parse(cause?.trouble.since ?? '') > NOT_READY_GRACE_MS;
  if (cause && wasComplete && isOverdue)
    return withTrouble('stuck', facts, cause);
  if (cause) return withTrouble('progressing', facts, cause);
  const reason =
    facts.missing <= 0 && facts.old
      ? `${facts.head}; pods of the old version are still to end.`
      : sentence(facts, undefined);
  return calm({ state: 'progressing', reason, ...since });
}
