import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { TableResult } from '@backstage-k8s/plugin-k8s-node';

/** How much there is in a cluster, of what may be seen. */
export type ClusterCounts = NonNullable<Schema<'Cluster'>['counts']>;

type Counted = Pick<TableResult, 'total' | 'health'>;

/** Those that are as they are to be; what is scaled down or paused on purpose is. */
function readyOf({ health }: Counted): number {
  return (health.healthy ?? 0) + (health.suspended ?? 0);
}

/** Counts; a kind that is absent may not be seen or is not known yet, and is left out. */
export function clusterCounts(tables: {
  nodes: Counted;
  namespaces?: Counted;
  deployments?: Counted;
  pods?: Counted;
}): ClusterCounts {
  const { nodes, namespaces, deployments, pods } = tables;
  return {
    nodes: nodes.total,
    nodesReady: readyOf(nodes),
    ...(namespaces && { namespaces: namespaces.total }),
    ...(deployments && {
      deployments: deployments.total,
      deploymentsReady: readyOf(deployments),
    }),
    ...(pods && { pods: pods.total }),
  };
}
