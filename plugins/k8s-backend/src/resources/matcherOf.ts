import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceQuery } from '@backstage-k8s/plugin-k8s-node';
import { createAccessPredicate } from '../access/createAccessPredicate';
import { parseLabelSelector } from './LabelSelector';

/** What of an object says whether it belongs to an answer. */
export interface MatchSubject extends Pick<KubernetesObject, 'metadata'> {
  /** See {@link parentsOf}. */
  readonly parents: readonly string[];
}

/**
 * The test of whether an object belongs to the answer of a query: namespace, labels, owner, and whether it may be seen.
 *
 * @throws InputError when the selector cannot be read
 */
export function matcherOf(
  query: ResourceQuery,
): (subject: MatchSubject) => boolean {
  const { namespace } = query;
  const owners = query.ownerUids && new Set(query.ownerUids);
  const selects = parseLabelSelector(query.labelSelector);
  const mayBeSeen = createAccessPredicate(query.filter, query);
  return subject => {
    const { metadata, parents } = subject;
    return (
      (namespace === undefined || metadata.namespace === namespace) &&
      (owners === undefined || parents.some(uid => owners.has(uid))) &&
      selects(metadata.labels) &&
      mayBeSeen(subject)
    );
  };
}

/** {@link matcherOf}, for whole objects. @throws InputError when the selector cannot be read */
export function objectMatcherOf(
  query: ResourceQuery,
): (object: KubernetesObject) => boolean {
  const matches = matcherOf(query);
  return object =>
    matches({ metadata: object.metadata, parents: parentsOf(object) });
}

/** The UIDs that an object is found by: its owners; of an Event, what it is about. */
export function parentsOf(object: KubernetesObject): string[] {
  const owners = (object.metadata.ownerReferences ?? []).map(({ uid }) => uid);
  const { involvedObject, regarding } = object as {
    involvedObject?: { uid?: unknown };
    regarding?: { uid?: unknown };
  };
  const about = involvedObject?.uid ?? regarding?.uid;
  return typeof about === 'string' ? [...owners, about] : owners;
}
