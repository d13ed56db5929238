import { plainText } from '../views/plainText';
import { conditionOf } from './WorkloadObjects';
import type { StatusCondition } from './WorkloadObjects';
import { matchTrouble } from './Trouble';
import type { Trouble, TroublePattern } from './Trouble';

/** Why an API server takes no new pods of a ReplicaSet. */
const CAUSES: readonly TroublePattern[] = [
  {
    pattern:
      /exceeded quota: ([^,\s]+), requested: (.+?), used: (.+?), limited: (.+)$/i,
    words:
      'the quota $1 of the namespace is used up (asked for $2, used $3, limit $4)',
    advice:
      'Ask for less, scale something down, or have the quota $1 raised by an administrator.',
  },
  {
    pattern: /failed quota: ([^:\s]+): must specify (.+)$/i,
    words: 'the quota $1 of the namespace demands $2 on every container',
    advice: 'Add requests and limits to the containers.',
    isCertain: true,
  },
  {
    pattern: /violates PodSecurity "([^"]+)": (.+)$/i,
    words: 'the Pod Security level $1 of the namespace forbids them: $2',
    advice:
      'Change the security context of the pods, or use a namespace with another level.',
    isCertain: true,
  },
  {
    pattern: /service account ([^:\s]+).*not found/i,
    words: 'the service account $1 does not exist',
    advice: 'Create the service account, or name another one.',
  },
  {
    pattern: /failed calling webhook "([^"]+)": (.+)$/i,
    words: 'the admission webhook $1 does not answer',
    advice: 'Have an administrator look at the webhook $1.',
  },
  {
    pattern: /admission webhook "([^"]+)" denied the request: ?(.*)$/i,
    words: 'the admission webhook $1 refuses them: $2',
    advice: 'Change the pods so that they meet the rule.',
    isCertain: true,
  },
  {
    pattern: /ValidatingAdmissionPolicy '([^']+)'.* denied request: (.+)$/i,
    words: 'the admission policy $1 refuses them: $2',
    advice: 'Change the pods so that they meet the rule.',
    isCertain: true,
  },
  {
    pattern: /((?:minimum|maximum) (?:cpu|memory)[^.]*)/i,
    words: 'a limit range of the namespace refuses them: $1',
    advice: 'Change the requests and limits of the containers.',
    isCertain: true,
  },
  {
    pattern: /being terminated/i,
    words: 'the namespace is being deleted',
    advice: 'Deploy to another namespace.',
    isCertain: true,
  },
];

/** Why no pods can be made, from the condition ReplicaFailure of a Deployment or ReplicaSet; undefined while they can. */
export function creationTrouble(
  status: { conditions?: StatusCondition[] } | undefined,
): Trouble | undefined {
  const failure = conditionOf(status, 'ReplicaFailure');
  if (failure?.status !== 'True') return undefined;
  const text = plainText(failure.message);
  const cause = matchTrouble(CAUSES, text);
  return {
    code: plainText(failure.reason, 64) || 'ReplicaFailure',
    words: `the cluster takes no new pods: ${cause?.words ?? text}`,
    advice:
      cause?.advice ?? 'Change what the message names, then deploy again.',
    since: failure.lastTransitionTime,
    weight: cause?.isCertain ? 'certain' : 'likely',
  };
}
