import { ANNOTATION_CHANGE_CAUSE } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { createdAt } from '../views/createdAt';
import { plainTextOrAbsent } from '../views/plainText';
import { imagesOf } from '../views/podRow';
import { revisionOf } from './rollout';
import type {
  DeploymentObject,
  PodTemplate,
  ReplicaSetObject,
} from './WorkloadObjects';

/** Put on the pods of each ReplicaSet by the deployment controller; no part of the template that a revision had. */
const LABEL_POD_TEMPLATE_HASH = 'pod-template-hash';

/** The pod template of a ReplicaSet as its deployment had it. */
export function templateOf(replicaSet: ReplicaSetObject): PodTemplate {
  const { metadata, ...template } = replicaSet.spec?.template ?? {};
  const { [LABEL_POD_TEMPLATE_HASH]: _, ...labels } = metadata?.labels ?? {};
  return { metadata: { ...metadata, labels }, ...template };
}

/** The revisions that a deployment can be rolled back to and the present one, newest first. */
export function revisionsOf(
  deployment: DeploymentObject,
  replicaSets: readonly ReplicaSetObject[],
): Schema<'Revision'>[] {
  const current = revisionOf(deployment);
  return replicaSets
    .flatMap(replicaSet => {
      const revision = revisionOf(replicaSet);
      if (revision === undefined) return [];
      const template = templateOf(replicaSet);
      const changeCause = plainTextOrAbsent(
        replicaSet.metadata.annotations?.[ANNOTATION_CHANGE_CAUSE],
      );
      return [
        {
          revision,
          current: revision === current,
          createdAt: createdAt(replicaSet),
          ...(changeCause && { changeCause }),
          containers: imagesOf(template.spec),
          replicas: replicaSet.status?.replicas ?? 0,
          ready: replicaSet.status?.readyReplicas ?? 0,
          template: { ...template },
        },
      ];
    })
    .sort((one, other) => other.revision - one.revision);
}
