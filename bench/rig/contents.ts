import type { Size } from '../sizes.ts';
import type { Contents } from './fill.ts';
import { WORDS } from './objects.ts';
import type { Workload } from './objects.ts';

/** Of how {@link contents} and bench/rig/objects.ts make what they make. */
const REVISION = 3;
const PODS_OF_A_WORKLOAD = 10;
const WORKLOADS_OF_A_NAMESPACE = 20;

/** The label that Backstage finds a service's workloads by. */
export const SERVICE_LABEL = 'backstage.io/kubernetes-id';

/** Where the services of W4 are. */
export const SERVICES_NAMESPACE = 'services';

/** A service that is looked at: its component is `component:default/<name>`. */
export interface Service {
  name: string;
  /** Pods in each cluster. */
  pods: number;
}

/** The same hundred pods on one, ten and a hundred clusters; and a small service that is on each cluster as large. */
export const SERVICES = {
  on1: { name: 'spread-1', pods: 100 },
  on10: { name: 'spread-10', pods: 10 },
  on100: { name: 'spread-100', pods: 1 },
  each: { name: 'each', pods: 2 },
} as const satisfies Record<string, Service>;

function workloads(pods: number): Workload[] {
  return Array.from(
    { length: Math.ceil(pods / PODS_OF_A_WORKLOAD) },
    (_, index) => ({
      namespace: `team-${Math.floor(index / WORKLOADS_OF_A_NAMESPACE)}`,
      name: `${WORDS[index % WORDS.length]}-${index}`,
      replicas: Math.min(PODS_OF_A_WORKLOAD, pods - index * PODS_OF_A_WORKLOAD),
    }),
  );
}

/** The cluster that is read as a whole. */
export function wholeCluster({ nodes, pods }: Size): Contents {
  return { revision: REVISION, nodes, workloads: workloads(pods), bare: [] };
}

/** The cluster whose table of deployments is read. */
export function tableCluster({ deployments }: Size): Contents {
  const bare = Array.from({ length: deployments }, (_, index) => ({
    namespace: `team-${index % 100}`,
    name: `${WORDS[(index * 7) % WORDS.length]}-${index}`,
    replicas: 1 + (index % 5),
  }));
  return { revision: REVISION, nodes: 1, workloads: [], bare };
}

/** What each cluster of the fleet holds. */
export function fleetCluster({ podsPerCluster }: Size): Contents {
  const services = Object.values(SERVICES).map(({ name, pods }) => ({
    namespace: SERVICES_NAMESPACE,
    name,
    replicas: pods,
    labels: { [SERVICE_LABEL]: name },
  }));
  return {
    revision: REVISION,
    nodes: Math.max(3, Math.ceil(podsPerCluster / 100)),
    workloads: [...workloads(podsPerCluster), ...services],
    bare: [],
  };
}
