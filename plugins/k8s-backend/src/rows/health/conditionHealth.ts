/**
 * How an object of any kind is doing, by the conventions for statuses: conditions, a phase, `observedGeneration`.
 *
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
 */
import type {
  KubernetesObject,
  ResourceHealth,
} from '@backstage-k8s/plugin-k8s-common';
import { at, conditionsOf, itemsOf, numberOf, textOf } from '../fields';
import type { Condition } from '../fields';
import { health, sentence } from './Health';

/** What says that something is wrong when it is true. */
const TROUBLES = ['Stalled', 'Failed', 'Degraded', 'Failure'];
/** What says that all is well when it is true, the most telling first. */
const GOALS = [
  'Ready',
  'Available',
  'Healthy',
  'Established',
  'Programmed',
  'Accepted',
  'Synced',
  'Succeeded',
  'Complete',
  'Completed',
  'Approved',
];
/** What says that something is being done. */
const WORK = ['Reconciling', 'Progressing', 'Issuing'];

// Reasons of a goal that is not reached yet, and may be.
const PASSING =
  /progress|pending|wait|creat|provision|reconcil|initial|start|unknown/i;

/** Words of phases and states, in lower case. */
const PHASES: Readonly<Record<string, ResourceHealth['state']>> = {
  active: 'healthy',
  available: 'healthy',
  bound: 'healthy',
  complete: 'healthy',
  completed: 'healthy',
  healthy: 'healthy',
  ready: 'healthy',
  running: 'healthy',
  succeeded: 'healthy',
  synced: 'healthy',
  creating: 'progressing',
  deleting: 'progressing',
  initializing: 'progressing',
  pending: 'progressing',
  progressing: 'progressing',
  provisioning: 'progressing',
  reconciling: 'progressing',
  terminating: 'progressing',
  updating: 'progressing',
  crashed: 'degraded',
  degraded: 'degraded',
  error: 'degraded',
  failed: 'degraded',
  lost: 'degraded',
  unhealthy: 'degraded',
  paused: 'suspended',
  suspended: 'suspended',
};

function reasonOf({ type, reason, message }: Condition): string {
  return sentence(message || reason || `The condition ${type} does not hold`);
}

/** Of an object that is being deleted; what it waits for is said. */
export function deletionHealth({
  metadata,
}: KubernetesObject): ResourceHealth | undefined {
  if (!metadata.deletionTimestamp) return undefined;
  const finalizers = itemsOf(metadata.finalizers).flatMap(
    name => textOf(name) ?? [],
  );
  return health(
    'progressing',
    'Terminating',
    finalizers.length > 0
      ? `It is being deleted and waits for its finalizers: ${finalizers.join(
          ', ',
        )}.`
      : undefined,
  );
}

/** Whether the status is about an older version of the spec. */
export function isBehind(object: KubernetesObject): boolean {
  const seen = numberOf(at(object, 'status', 'observedGeneration'));
  const generation = numberOf(object.metadata.generation);
  return seen !== undefined && generation !== undefined && seen < generation;
}

/** The health of what the cluster has not taken up yet. */
export const BEHIND = health(
  'progressing',
  'Progressing',
  'The cluster has not taken up the last change yet.',
);

function goalHealth(goal: Condition): ResourceHealth {
  if (goal.status === 'True') return health('healthy', goal.type);
  const isPassing = goal.status !== 'False' || PASSING.test(goal.reason);
  return health(
    isPassing ? 'progressing' : 'degraded',
    goal.reason || `Not${goal.type}`,
    reasonOf(goal),
  );
}

/** By conditions; undefined where none of them is known. */
export function byConditions(
  conditions: readonly Condition[],
): ResourceHealth | undefined {
  const find = (types: readonly string[], status?: string) => {
    for (const wanted of types) {
      const found = conditions.find(
        condition =>
          condition.type === wanted &&
          (status === undefined || condition.status === status),
      );
      if (found) return found;
    }
    return undefined;
  };
  const trouble = find(TROUBLES, 'True');
  if (trouble) {
    return health(
      'degraded',
      trouble.reason || trouble.type,
      reasonOf(trouble),
    );
  }
  // A goal that is missed counts more than one that is reached.
  const goal = find(GOALS, 'False') ?? find(GOALS, 'Unknown') ?? find(GOALS);
  const work = find(WORK, 'True');
  if (work && goal?.status !== 'True') {
    return health('progressing', work.reason || work.type, reasonOf(work));
  }
  return goal && goalHealth(goal);
}

function byPhase(object: KubernetesObject): ResourceHealth | undefined {
  const word = [
    at(object, 'status', 'phase'),
    at(object, 'status', 'state'),
    at(object, 'status', 'health', 'status'),
  ]
    .map(textOf)
    .find(text => text !== undefined);
  if (word === undefined) return undefined;
  const known = Object.prototype.hasOwnProperty.call(
    PHASES,
    word.toLowerCase(),
  );
  return health(
    known ? PHASES[word.toLowerCase()] : 'unknown',
    word,
    known && PHASES[word.toLowerCase()] === 'degraded'
      ? sentence(textOf(at(object, 'status', 'message')) ?? '')
      : undefined,
  );
}

/** The health of an object of any kind. */
export function conditionHealth(object: KubernetesObject): ResourceHealth {
  if (
    at(object, 'spec', 'suspend') === true ||
    at(object, 'spec', 'paused') === true
  ) {
    return health('suspended', 'Suspended');
  }
  if (isBehind(object)) return BEHIND;
  return (
    byConditions(conditionsOf(object)) ?? byPhase(object) ?? health('unknown')
  );
}
