import { parseQuantity } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ContainerSpec,
  PodObject,
  StatusCondition,
} from '../workloads/WorkloadObjects';
import { conditionOf } from '../workloads/WorkloadObjects';
import { createdAt } from './createdAt';
import { plainText, plainTextOrAbsent } from './plainText';

/** A Node. */
export interface NodeObject extends KubernetesObject {
  spec?: { unschedulable?: boolean };
  status?: {
    conditions?: StatusCondition[];
    capacity?: Record<string, string>;
    allocatable?: Record<string, string>;
    nodeInfo?: { kubeletVersion?: string };
  };
}

type Resources = Schema<'NodeResources'>;

const ROLE_LABEL = 'node-role.kubernetes.io/';
const ZONE_LABEL = 'topology.kubernetes.io/zone';

const quantity = (resources: Record<string, string> | undefined, key: string) =>
  parseQuantity(resources?.[key]) ?? 0;

/** What a container asks for; a limit without a request is one. */
function requestOf({ resources }: ContainerSpec, key: string): number {
  return (
    parseQuantity(resources?.requests?.[key] ?? resources?.limits?.[key]) ?? 0
  );
}

/**
 * What the scheduler counts for a pod: the sum of the containers that run together, or the largest that an init container
 * needs before them, whichever is more; requests of the pod as a whole replace both. CPU in cores, memory in bytes.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podRequest(pod: PodObject, key: 'cpu' | 'memory'): number {
  const { spec } = pod;
  const overhead = quantity(spec?.overhead, key);
  const whole = parseQuantity(
    spec?.resources?.requests?.[key] ?? spec?.resources?.limits?.[key],
  );
  if (whole !== undefined) return whole + overhead;
  let beside = 0;
  let largestInit = 0;
  for (const init of spec?.initContainers ?? []) {
    const request = requestOf(init, key);
    if (init.restartPolicy === 'Always') beside += request;
    largestInit = Math.max(
      largestInit,
      init.restartPolicy === 'Always' ? beside : beside + request,
    );
  }
  const together = (spec?.containers ?? []).reduce(
    (sum, container) => sum + requestOf(container, key),
    beside,
  );
  return Math.max(together, largestInit) + overhead;
}

function readiness({ status }: NodeObject): Schema<'Node'>['status'] {
  const ready = conditionOf(status, 'Ready')?.status;
  if (ready === 'True') return 'ready';
  return ready === 'False' ? 'notReady' : 'unknown';
}

function conditionRow(condition: StatusCondition): Schema<'Condition'> {
  const { type, status, lastTransitionTime } = condition;
  const reason = plainTextOrAbsent(condition.reason, 128);
  const message = plainTextOrAbsent(condition.message);
  return {
    type: plainText(type, 128),
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    ...(reason && { reason }),
    ...(message && { message }),
    ...(lastTransitionTime && { since: lastTransitionTime }),
  };
}

/** A node as lists show it, but for what it uses. */
export function nodeRow(
  node: NodeObject,
  options: {
    /** What its pods ask for; absent where that cannot be known. */
    requested?: Resources;
  },
): Schema<'Node'> {
  const { metadata, spec, status } = node;
  const { requested } = options;
  const labels = metadata.labels ?? {};
  const capacity = status?.capacity ?? status?.allocatable;
  const version = plainTextOrAbsent(status?.nodeInfo?.kubeletVersion, 64);
  return {
    name: metadata.name ?? '',
    status: readiness(node),
    schedulable: spec?.unschedulable !== true,
    roles: Object.keys(labels)
      .filter(key => key.startsWith(ROLE_LABEL) && key !== ROLE_LABEL)
      .map(key => key.slice(ROLE_LABEL.length))
      .sort(),
    ...(version && { version }),
    conditions: (status?.conditions ?? []).map(conditionRow),
    capacity: {
      cpu: quantity(capacity, 'cpu'),
      memory: quantity(capacity, 'memory'),
      pods: quantity(capacity, 'pods'),
    },
    ...(requested && { requested }),
    ...(labels[ZONE_LABEL] && { zone: labels[ZONE_LABEL] }),
    createdAt: createdAt(node),
  };
}
