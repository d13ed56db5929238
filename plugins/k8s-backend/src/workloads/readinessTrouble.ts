import { plainText } from '../views/plainText';
import { conditionOf } from './WorkloadObjects';
import type { PodObject } from './WorkloadObjects';
import type { Trouble } from './Trouble';

/** Why a pod whose containers are all ready does not count as ready; undefined for other pods. */
export function readinessTrouble(pod: PodObject): Trouble | undefined {
  const { spec, status } = pod;
  const ready = conditionOf(status, 'Ready');
  if (
    ready?.status !== 'False' ||
    conditionOf(status, 'ContainersReady')?.status !== 'True'
  ) {
    return undefined;
  }
  const gate = spec?.readinessGates?.find(
    ({ conditionType }) =>
      conditionOf(status, conditionType)?.status !== 'True',
  );
  if (gate) {
    return {
      code: 'ReadinessGate',
      words: `the readiness gate ${plainText(gate.conditionType, 317)} is shut`,
      advice: 'Look at whoever sets that condition, such as a load balancer.',
      since: ready.lastTransitionTime,
      weight: 'likely',
    };
  }
  // The node controller takes Ready from the pods of a node that does not answer, and leaves it to the kubelet to give it back.
  return {
    code: 'NodeNotReady',
    words: `it does not count as ready since its node ${plainText(
      spec?.nodeName,
      253,
    )} did not answer`,
    advice: 'Look at the node: its kubelet has to report the pod anew.',
    since: ready.lastTransitionTime,
    weight: 'likely',
  };
}
