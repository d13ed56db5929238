import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import { deploymentRow } from '../views/deploymentRow';
import { eventRows } from '../views/eventRows';
import { podRow } from '../views/podRow';
import { versionsOf } from './history';
import { DEPLOYMENTS } from './ResourceKinds';
import { revisionRow } from './revisions';
import { revisionOf } from './rollout';
import { controllerUid, eventsByObject } from './WorkloadObjects';
import type { DeploymentObject, DeploymentParts } from './WorkloadObjects';

/** What a deployment is told with; `now` in milliseconds since 1970. */
interface Surroundings {
  cluster: string;
  parts: DeploymentParts;
  scaledBy?: string;
  cache: CacheState;
  now: number;
}

/** The detail of a deployment from it and what belongs to it. */
export function deploymentDetail(
  deployment: DeploymentObject,
  options: Surroundings,
): Schema<'DeploymentDetail'> {
  return {
    ...serviceDeployment(deployment, options),
    spec: { ...deployment.spec },
  };
}

/** The same without its spec: some kilobytes on each cluster, which a page of a service does not show. */
export function serviceDeployment(
  deployment: DeploymentObject,
  options: Surroundings,
): Schema<'ServiceDeployment'> {
  const { parts, scaledBy, cache, now } = options;
  const revisions = new Map(
    parts.replicaSets.map(replicaSet => [
      replicaSet.metadata.uid,
      revisionOf(replicaSet),
    ]),
  );
  const eventsOf = eventsByObject(parts.events);
  const pods = parts.pods.map(pod =>
    podRow(pod, {
      now,
      events: eventsOf(pod),
      revision: revisions.get(controllerUid(pod)),
    }),
  );
  return {
    ...deploymentRow(deployment, options),
    revisions: versionsOf(DEPLOYMENTS, deployment, parts.replicaSets).map(
      revisionRow,
    ),
    // The newest revision first, and in it what ails before what does not.
    pods: pods.sort(
      (one, other) =>
        (other.revision ?? 0) - (one.revision ?? 0) ||
        Number(one.healthy) - Number(other.healthy) ||
        (one.name < other.name ? -1 : 1),
    ),
    events: eventRows(parts.events),
    ...(scaledBy !== undefined && { scaledBy }),
    cache,
  };
}
