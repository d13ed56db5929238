import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceQuery } from '@backstage-k8s/plugin-k8s-node';
import { createAccessPredicate } from '../access/createAccessPredicate';
import { parseLabelSelector } from './LabelSelector';
import { compareVersions } from './resourceVersion';

/** What of an object says whether it belongs to an answer. */
export interface MatchSubject extends Pick<KubernetesObject, 'metadata'> {
  /** See {@link parentsOf}. */
  readonly parents: readonly string[];
  /** See {@link subjectOf}. */
  readonly about?: string;
}

/**
 * The test of whether an object belongs to the answer of a query: namespace, name, labels, owner, and whether it may be seen.
 *
 * @throws InputError when the selector cannot be read
 */
export function matcherOf(
  query: ResourceQuery,
): (subject: MatchSubject) => boolean {
  const { namespace, name, laterThan, about } = query;
  const owners = query.ownerUids && new Set(query.ownerUids);
  const selects = parseLabelSelector(query.labelSelector);
  const mayBeSeen = createAccessPredicate(query.filter, query);
  return subject => {
    const { metadata, parents } = subject;
    return (
      (namespace === undefined || metadata.namespace === namespace) &&
      (name === undefined || metadata.name === name) &&
      (owners === undefined || parents.some(uid => owners.has(uid))) &&
      (laterThan === undefined ||
        compareVersions(metadata.resourceVersion ?? '0', laterThan) > 0) &&
      (about === undefined || isAbout(subject, about)) &&
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
    matches({
      metadata: object.metadata,
      parents: parentsOf(object),
      about: subjectOf(object),
    });
}

function isAbout(
  { about }: MatchSubject,
  { kind, name }: { kind: string; name: string },
): boolean {
  return about === `${kind}/${name}`;
}

/** Of an Event, the kind and name of what it is about, joined by `/`; of everything else undefined. */
export function subjectOf(object: KubernetesObject): string | undefined {
  const { involvedObject, regarding } = object as {
    involvedObject?: { kind?: unknown; name?: unknown };
    regarding?: { kind?: unknown; name?: unknown };
  };
  const about = involvedObject ?? regarding;
  return about ? `${about.kind}/${about.name}` : undefined;
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
