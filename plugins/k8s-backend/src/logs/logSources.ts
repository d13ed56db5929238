/** Which containers of which pods are read. */
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { at, fieldOf, itemsOf, numberOf, textOf } from '../rows/fields';
import type { PodContainer } from './PodLogs';

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';
const STATUSES = [
  'containerStatuses',
  'initContainerStatuses',
  'ephemeralContainerStatuses',
];

/** A container of a pod, as it was started last. */
export interface LogSource extends PodContainer {
  /** Another one for every start. */
  key: string;
  /** Whether it has run, so that there is a log. */
  isStarted: boolean;
}

/** The container that a pod names as its default, as `kubectl` has it, else its first; undefined where it has none. */
export function defaultContainer(pod: KubernetesObject): string | undefined {
  return (
    textOf(fieldOf(pod.metadata.annotations, DEFAULT_CONTAINER)) ??
    textOf(fieldOf(itemsOf(at(pod, 'spec', 'containers'))[0], 'name'))
  );
}

/** The container of a pod that is read, by its name or the default one; undefined where it has none. */
export function logSourceOf(
  pod: KubernetesObject,
  wanted?: string,
): LogSource | undefined {
  const container = wanted ?? defaultContainer(pod);
  if (container === undefined) return undefined;
  const { name = '', uid } = pod.metadata;
  const status = STATUSES.flatMap(list =>
    itemsOf(at(pod, 'status', list)),
  ).find(each => fieldOf(each, 'name') === container);
  const restarts = numberOf(fieldOf(status, 'restartCount')) ?? 0;
  const isWaiting = at(status, 'state', 'waiting') !== undefined;
  return {
    pod: name,
    container,
    key: `${uid}/${container}/${restarts}`,
    // Between two starts there is the log of the one before.
    isStarted: status !== undefined && (!isWaiting || restarts > 0),
  };
}
