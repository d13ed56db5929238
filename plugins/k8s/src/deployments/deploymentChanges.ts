import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { queryKeys } from '@backstage-k8s/plugin-k8s-react';
import type {
  AccessReview,
  ChangeOutcome,
  ResourceRef,
} from '@backstage-k8s/plugin-k8s-react';
import type { DeploymentDetail } from './deploymentFacts';
import type { DeploymentCluster } from './DeploymentPanel';

const DEPLOYMENTS = { group: 'apps', plural: 'deployments' };

/** What each dialog about a deployment gets. */
export interface DeploymentDialogProps {
  detail: DeploymentDetail;
  cluster: DeploymentCluster;
  onClose: () => void;
}

interface Subject {
  detail: DeploymentDetail;
  cluster: DeploymentCluster;
}

/** The path of a deployment's routes. */
export function deploymentPath({ detail, cluster }: Subject) {
  const { namespace, name } = detail;
  return { id: cluster.id, namespace, name };
}

/** A deployment as an object of its kind. */
export function deploymentRef({ detail, cluster }: Subject): ResourceRef {
  const { namespace, name } = detail;
  return { ...DEPLOYMENTS, cluster: cluster.id, namespace, name };
}

/** The question whether one may do something with a deployment. */
export function deploymentReview(
  action: AccessReview['action'],
  { detail, cluster }: Subject,
): AccessReview {
  return { action, ...deploymentRef({ detail, cluster }) };
}

/** What a change's dialog says of its target. */
export function deploymentTarget({ detail, cluster }: Subject) {
  return { cluster, namespace: detail.namespace, name: detail.name };
}

/** What is read again after a change: the deployment; lists learn of it by the stream. */
export function deploymentKeys({ detail, cluster }: Subject) {
  const { namespace, name } = detail;
  return [queryKeys.deployment(cluster.id, namespace, name)];
}

const OUTCOMES = ['deployed', 'pending', 'failed'] as const;

/** How a change ended, from the API's answer. */
export function toOutcome(change: Schema<'Change'>): ChangeOutcome {
  const status = OUTCOMES.find(outcome => outcome === change.status) ?? 'done';
  return { status, reason: change.reason };
}
