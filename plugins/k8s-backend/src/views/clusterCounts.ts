import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import { isObserved } from '../workloads/rollout';
import type { DeploymentObject } from '../workloads/WorkloadObjects';
import { conditionOf } from '../workloads/WorkloadObjects';
import type { NodeObject } from './nodeRow';

/** How much there is in a cluster, of what may be seen. */
export type ClusterCounts = NonNullable<Schema<'Cluster'>['counts']>;

/** Whether a deployment has all the pods that it is to have. */
function isDeploymentReady(deployment: DeploymentObject): boolean {
  const { spec, status } = deployment;
  return (
    isObserved(deployment) &&
    (status?.readyReplicas ?? 0) >= (spec?.replicas ?? 1)
  );
}

/** Counts; a kind that is absent may not be seen or is not known yet, and is left out. */
export function clusterCounts(objects: {
  nodes: readonly NodeObject[];
  namespaces?: readonly KubernetesObject[];
  deployments?: readonly DeploymentObject[];
  pods?: readonly KubernetesObject[];
}): ClusterCounts {
  const { nodes, namespaces, deployments, pods } = objects;
  return {
    nodes: nodes.length,
    nodesReady: nodes.filter(
      ({ status }) => conditionOf(status, 'Ready')?.status === 'True',
    ).length,
    ...(namespaces && { namespaces: namespaces.length }),
    ...(deployments && {
      deployments: deployments.length,
      deploymentsReady: deployments.filter(isDeploymentReady).length,
    }),
    ...(pods && { pods: pods.length }),
  };
}
