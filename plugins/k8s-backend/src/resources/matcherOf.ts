import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceQuery } from '@backstage-k8s/plugin-k8s-node';
import { createAccessPredicate } from '../access/createAccessPredicate';
import { parseLabelSelector } from './LabelSelector';

/**
 * The test of whether an object belongs to the answer of a query: namespace, labels, owner, and whether it may be seen.
 *
 * @throws InputError when the selector cannot be read
 */
export function matcherOf(
  query: ResourceQuery,
): (object: KubernetesObject) => boolean {
  const { namespace, ownerUid } = query;
  const selects = parseLabelSelector(query.labelSelector);
  const mayBeSeen = createAccessPredicate(query.filter, query);
  return object => {
    const { metadata } = object;
    return (
      (namespace === undefined || metadata.namespace === namespace) &&
      (ownerUid === undefined || isOwnedBy(object, ownerUid)) &&
      selects(metadata.labels) &&
      mayBeSeen(object)
    );
  };
}

function isOwnedBy({ metadata }: KubernetesObject, uid: string): boolean {
  return metadata.ownerReferences?.some(owner => owner.uid === uid) ?? false;
}
