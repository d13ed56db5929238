import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { queryKeys } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';

/** The cluster of an object, as dialogs need it. */
export interface ObjectCluster {
  id: string;
  name: string;
  protected?: boolean;
}

/** What each dialog about an object gets. */
export interface ObjectDialogProps {
  cluster: ObjectCluster;
  kind: Pick<Kind, 'kind'>;
  target: ResourceRef;
  /** It was asked for on every cluster that has the object; else that is offered. */
  isEverywhere?: boolean;
  onClose: () => void;
}

/** Routes of one object. */
export const OBJECT_ROUTE =
  '/clusters/{id}/resources/{group}/{plural}/{namespace}/{name}';

/** What a change's dialog says of its target. */
export function objectTarget({
  cluster,
  target,
}: Pick<ObjectDialogProps, 'cluster' | 'target'>) {
  return { cluster, namespace: target.namespace, name: target.name };
}

/** What is read again after a change: all of the object; lists learn of it by the stream. */
export function objectKeys(target: ResourceRef) {
  return [queryKeys.resource(target)];
}
