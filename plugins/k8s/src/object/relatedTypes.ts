import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';

/** A graph of objects that have to do with each other. */
export type RelatedGraph = Schema<'RelatedGraph'>;
/** An object of it. */
export type RelatedNode = RelatedGraph['nodes'][number];

/** The object that a node is. */
export function nodeRef(cluster: string, node: RelatedNode): ResourceRef {
  const { group, plural, namespace, name } = node;
  return { cluster, group, plural, namespace, name };
}
