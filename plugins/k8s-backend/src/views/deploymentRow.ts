import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { podStatus } from '../workloads/podStatus';
import { revisionOf, rolloutState } from '../workloads/rollout';
import type {
  DeploymentObject,
  DeploymentParts,
} from '../workloads/WorkloadObjects';
import { createdAt } from './createdAt';
import { imagesOf } from './podRow';

/** A deployment as lists show it; `now` in milliseconds since 1970. */
export function deploymentRow(
  deployment: DeploymentObject,
  options: { cluster: string; parts: DeploymentParts; now: number },
): Schema<'Deployment'> {
  const { cluster, parts, now } = options;
  const { metadata, spec, status } = deployment;
  const revision = revisionOf(deployment);
  return {
    cluster,
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    replicas: spec?.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    ...(revision !== undefined && { revision }),
    containers: imagesOf(spec?.template?.spec),
    rollout: rolloutState(deployment, { ...parts, now }).rollout,
    labels: metadata.labels ?? {},
    createdAt: createdAt(deployment),
    resourceVersion: metadata.resourceVersion,
    restarts: parts.pods.reduce((sum, pod) => sum + podStatus(pod).restarts, 0),
  };
}
