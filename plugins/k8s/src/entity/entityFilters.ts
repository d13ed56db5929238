import type { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_CLUSTER_ID,
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
} from '@backstage-k8s/plugin-k8s-common';

/** Whether the entity names workloads. @public */
export function isServiceEntity({ metadata }: Entity): boolean {
  const annotations = metadata.annotations ?? {};
  return (
    annotations[ANNOTATION_KUBERNETES_ID] !== undefined ||
    annotations[ANNOTATION_KUBERNETES_LABEL_SELECTOR] !== undefined
  );
}

/** Whether the entity is a registered cluster. @public */
export function isClusterEntity({ metadata }: Entity): boolean {
  return metadata.annotations?.[ANNOTATION_CLUSTER_ID] !== undefined;
}
