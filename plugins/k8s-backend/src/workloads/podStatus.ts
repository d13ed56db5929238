/**
 * What `kubectl get pods` shows as STATUS, READY and RESTARTS, by the same rules.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go (printPod)
 */
import { conditionOf } from './WorkloadObjects';
import type {
  ContainerSpec,
  ContainerStatus,
  PodObject,
  TerminatedState,
} from './WorkloadObjects';

/** STATUS, READY and RESTARTS of a pod. */
export interface PodStatus {
  /** e.g. Running, Init:0/1, CrashLoopBackOff, Terminating; not yet made fit for showing. */
  status: string;
  /** Ready containers. */
  ready: number;
  /** Containers that run as long as the pod does. */
  containers: number;
  restarts: number;
}

function terminatedWord(terminated: TerminatedState): string {
  if (terminated.reason) return terminated.reason;
  return terminated.signal
    ? `Signal:${terminated.signal}`
    : `ExitCode:${terminated.exitCode ?? 0}`;
}

const runsBeside = (container?: ContainerSpec) =>
  container?.restartPolicy === 'Always';

const restartsOf = (statuses: ContainerStatus[]) =>
  statuses.reduce((sum, status) => sum + (status.restartCount ?? 0), 0);

/** The word of the init container that the pod waits for, or undefined when none holds it up. */
function initializingWord(pod: PodObject): string | undefined {
  const specs = pod.spec?.initContainers ?? [];
  const statuses = pod.status?.initContainerStatuses ?? [];
  for (const [index, status] of statuses.entries()) {
    const spec = specs.find(({ name }) => name === status.name);
    const { terminated, waiting } = status.state ?? {};
    const isDone = terminated !== undefined && (terminated.exitCode ?? 0) === 0;
    if (isDone || (runsBeside(spec) && status.started)) continue;
    if (terminated) return `Init:${terminatedWord(terminated)}`;
    if (waiting?.reason && waiting.reason !== 'PodInitializing') {
      return `Init:${waiting.reason}`;
    }
    return `Init:${index}/${specs.length}`;
  }
  return undefined;
}

/** The word of the containers: the first one's that waits or has ended, else the word given. */
function containersWord(pod: PodObject, word: string): string {
  let result = word;
  let isOneRunning = false;
  for (const { state, ready } of [
    ...(pod.status?.containerStatuses ?? []),
  ].reverse()) {
    if (state?.waiting?.reason) result = state.waiting.reason;
    else if (state?.terminated) result = terminatedWord(state.terminated);
    else if (ready && state?.running) isOneRunning = true;
  }
  if (result !== 'Completed' || !isOneRunning) return result;
  return isPodReady(pod) ? 'Running' : 'NotReady';
}

/** Whether the pod's condition Ready holds. */
export function isPodReady(pod: PodObject): boolean {
  return conditionOf(pod.status, 'Ready')?.status === 'True';
}

/** Whether the pod has come to its end and is not started again. */
export function isPodFinished(pod: PodObject): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** What kubectl shows of the pod. */
export function podStatus(pod: PodObject): PodStatus {
  const { status } = pod;
  const beside = (pod.spec?.initContainers ?? []).filter(runsBeside);
  const besideNames = new Set(beside.map(({ name }) => name));
  const initStatuses = status?.initContainerStatuses ?? [];
  const besideStatuses = initStatuses.filter(({ name }) =>
    besideNames.has(name),
  );
  const containerStatuses = status?.containerStatuses ?? [];
  const initializing = initializingWord(pod);
  const isInitialized =
    initializing === undefined ||
    conditionOf(status, 'Initialized')?.status === 'True';

  let word = status?.reason || status?.phase || 'Unknown';
  if (conditionOf(status, 'PodScheduled')?.reason === 'SchedulingGated') {
    word = 'SchedulingGated';
  }
  word = isInitialized ? containersWord(pod, word) : initializing;
  if (pod.metadata.deletionTimestamp) {
    if (status?.reason === 'NodeLost') word = 'Unknown';
    else if (!isPodFinished(pod)) word = 'Terminating';
  }
  return {
    status: word,
    ready:
      besideStatuses.filter(({ ready, started }) => ready && started).length +
      (isInitialized
        ? containerStatuses.filter(
            ({ ready, state }) => ready && state?.running,
          ).length
        : 0),
    containers: (pod.spec?.containers ?? []).length + beside.length,
    restarts: isInitialized
      ? restartsOf([...besideStatuses, ...containerStatuses])
      : restartsOf(initStatuses),
  };
}
