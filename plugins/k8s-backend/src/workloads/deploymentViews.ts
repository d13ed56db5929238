import type { ViewQuery } from '@backstage-k8s/plugin-k8s-node';
import {
  AUTOSCALERS,
  DEPLOYMENTS,
  EVENTS,
  PODS,
  REPLICA_SETS,
} from './ResourceKinds';

/** Which deployments. */
export interface DeploymentSelection {
  cluster: string;
  /** Absent: all namespaces. */
  namespace?: string;
  /** Absent: all of them. */
  name?: string;
  labelSelector?: string;
}

/** The view whose rows are what lists of deployments show. */
export function deploymentsView(selection: DeploymentSelection): ViewQuery {
  const { cluster, namespace, name, labelSelector } = selection;
  const place = { cluster, namespace };
  return {
    cluster,
    view: 'deployments',
    parts: {
      deployments: { ...DEPLOYMENTS, ...place, name, labelSelector },
      replicasets: { ...REPLICA_SETS, ...place },
      pods: { ...PODS, ...place },
      events: { ...EVENTS, ...place },
    },
  };
}

/** The view whose rows are the rollouts that are not at rest; see `DeploymentRollout`. */
export function unsettledRolloutsView(
  selection: DeploymentSelection,
): ViewQuery {
  return { ...deploymentsView(selection), view: 'unsettledRollouts' };
}

/** The view whose rows are deployments with all that belongs to them. */
export function deploymentDetailsView(
  selection: DeploymentSelection,
): ViewQuery {
  const { cluster, namespace } = selection;
  const { parts } = deploymentsView(selection);
  return {
    cluster,
    view: 'deploymentDetails',
    parts: {
      ...parts,
      autoscalers: { ...AUTOSCALERS, cluster, namespace },
    },
  };
}

/** The same for the page of a service; see `serviceDeployment`. */
export function serviceDeploymentsView(
  selection: DeploymentSelection,
): ViewQuery {
  return { ...deploymentDetailsView(selection), view: 'serviceDeployments' };
}

/** The view that says of one deployment how its rollout is; see `RolloutRow`. */
export function rolloutView(place: {
  cluster: string;
  namespace: string;
  name: string;
}): ViewQuery {
  return { ...deploymentsView(place), view: 'rolloutOfOne' };
}
