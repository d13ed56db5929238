import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import { deploymentRow } from '../views/deploymentRow';
import { eventRows } from '../views/eventRows';
import { podRow } from '../views/podRow';
import { versionsOf } from './history';
import { DEPLOYMENTS } from './ResourceKinds';
import { revisionsOf } from './revisions';
import { revisionOf } from './rollout';
import { controllerUid, eventsByObject } from './WorkloadObjects';
import type { DeploymentObject, DeploymentParts } from './WorkloadObjects';

/** The detail of a deployment from it and what belongs to it; `now` in milliseconds since 1970. */
export function deploymentDetail(
  deployment: DeploymentObject,
  options: {
    cluster: string;
    parts: DeploymentParts;
    scaledBy?: string;
    cache: CacheState;
    now: number;
  },
): Schema<'DeploymentDetail'> {
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
    spec: { ...deployment.spec },
    revisions: revisionsOf(
      versionsOf(DEPLOYMENTS, deployment, parts.replicaSets),
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
