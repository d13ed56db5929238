import type { ClusterRow } from './clusterTable.ts';
import type { KubernetesObject } from './KubernetesClient.ts';

const ZONES = ['a', 'b', 'c'];
const KUBERNETES_VERSION = 'v1.37.2';

const CAPACITY = { cpu: '8', memory: '32Gi', pods: '110' };
/** What a kubelet keeps for itself and the system. */
const ALLOCATABLE = { cpu: '7800m', memory: '30Gi', pods: '110' };

/** The nodes of a cluster, one in each zone of its region: the object, and its status. KWOK makes them ready. */
export function nodes(
  row: ClusterRow,
): { node: KubernetesObject; status: KubernetesObject }[] {
  return ZONES.map((zone, index) => {
    const name = `${row.name}-node-${index + 1}`;
    const identity = { apiVersion: 'v1', kind: 'Node' };
    return {
      node: {
        ...identity,
        metadata: {
          name,
          labels: {
            'beta.kubernetes.io/arch': 'amd64',
            'kubernetes.io/arch': 'amd64',
            'kubernetes.io/hostname': name,
            'kubernetes.io/os': 'linux',
            'node.kubernetes.io/instance-type': 'kwok.large',
            'topology.kubernetes.io/region': row.region,
            'topology.kubernetes.io/zone': `${row.region}${zone}`,
          },
          // Read by dev/kwok/stages/node.yaml.
          annotations: { 'kubelet-version': KUBERNETES_VERSION },
        },
        spec: {
          podCIDR: `10.244.${index}.0/24`,
          podCIDRs: [`10.244.${index}.0/24`],
        },
      },
      status: {
        ...identity,
        metadata: { name },
        status: { capacity: CAPACITY, allocatable: ALLOCATABLE },
      },
    };
  });
}
