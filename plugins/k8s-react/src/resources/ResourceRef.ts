import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { AccessReview } from '../api/K8sApi';

/** One object of one cluster. @public */
export interface ResourceRef extends ResourceType {
  /** Cluster id. */
  cluster: string;
  /** Absent: cluster-scoped. */
  namespace?: string;
  name: string;
}

/** The core group and the lack of a namespace as paths have them: a segment of a path cannot be empty. */
const CORE_GROUP = 'core';
const NO_NAMESPACE = '_';

/** A group as a segment of a path. @public */
export function groupSegment(group: string): string {
  return group || CORE_GROUP;
}

/** The group that a segment of a path means. @public */
export function groupOfSegment(segment: string): string {
  return segment === CORE_GROUP ? '' : segment;
}

/** A namespace as a segment of a path. @public */
export function namespaceSegment(namespace: string | undefined): string {
  return namespace ?? NO_NAMESPACE;
}

/** The namespace that a segment of a path means. @public */
export function namespaceOfSegment(segment: string): string | undefined {
  return segment === NO_NAMESPACE ? undefined : segment;
}

/** The path of a kind's routes in the REST API. @public */
export function kindPath(cluster: string, { group, plural }: ResourceType) {
  return { id: cluster, group: groupSegment(group), plural };
}

/** The path of an object's routes in the REST API. @public */
export function resourcePath(ref: ResourceRef) {
  return {
    ...kindPath(ref.cluster, ref),
    namespace: namespaceSegment(ref.namespace),
    name: ref.name,
  };
}

/** The question whether one may do something with an object, or with any of its kind. @public */
export function resourceReview(
  action:
    | 'resource.read'
    | 'resource.create'
    | 'resource.update'
    | 'resource.delete',
  subject: ResourceType & {
    cluster: string;
    namespace?: string;
    name?: string;
  },
): AccessReview {
  const { cluster, group, plural, namespace, name } = subject;
  return { action, cluster, group, plural, namespace, name };
}
