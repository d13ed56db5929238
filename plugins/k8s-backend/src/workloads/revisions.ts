import { ANNOTATION_CHANGE_CAUSE } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { createdAt } from '../views/createdAt';
import { plainTextOrAbsent } from '../views/plainText';
import { imagesOf } from '../views/podRow';
import type { WorkloadVersion } from './history';
import type { ReplicaSetObject } from './WorkloadObjects';

/** A version of a workload as the REST API tells it. */
export function revisionRow({
  revision,
  current,
  template,
  origin,
}: WorkloadVersion): Schema<'Revision'> {
  const changeCause = plainTextOrAbsent(
    origin.metadata.annotations?.[ANNOTATION_CHANGE_CAUSE],
  );
  const { status } = origin as ReplicaSetObject;
  return {
    revision,
    current,
    createdAt: createdAt(origin),
    ...(changeCause && { changeCause }),
    containers: imagesOf(template.spec),
    // What a ControllerRevision keeps has no pods of its own.
    ...(status && {
      replicas: status.replicas ?? 0,
      ready: status.readyReplicas ?? 0,
    }),
  };
}

/** The same with its pod template. */
export function revisionDetail(
  version: WorkloadVersion,
): Schema<'RevisionDetail'> {
  return { ...revisionRow(version), template: { ...version.template } };
}
