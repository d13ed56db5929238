import type {
  KubernetesObject,
  ResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  AccessFilter,
  ResourceQuery,
} from '@backstage-k8s/plugin-k8s-node';
import { parseLabelSelector } from './LabelSelector';
import { referenceOfObject } from './resourceReference';

/** Makes the test of whether an object may be seen, from a filter. */
export type AccessPredicateFactory = (
  filter: AccessFilter,
) => (resource: ResourceReference) => boolean;

/**
 * The test of whether an object belongs to the answer of a query: namespace, labels, owner, and whether it may be seen.
 *
 * @throws InputError when the selector cannot be read
 */
export function matcherOf(
  query: ResourceQuery,
  accessPredicate: AccessPredicateFactory,
): (object: KubernetesObject) => boolean {
  const { namespace, ownerUid, filter } = query;
  const selects = parseLabelSelector(query.labelSelector);
  const mayBeSeen = seenBy(query, accessPredicate);
  if (filter?.criteria === 'none') return () => false;
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

function seenBy(
  { filter, ...kind }: ResourceQuery,
  accessPredicate: AccessPredicateFactory,
): (object: KubernetesObject) => boolean {
  if (filter === undefined || filter.criteria === 'all') return () => true;
  const allows = accessPredicate(filter);
  return object => allows(referenceOfObject(filter.cluster, kind, object));
}
