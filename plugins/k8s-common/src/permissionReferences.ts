/**
 * References by which other parts of the portal ask Backstage's permissions about one cluster or object:
 *
 * - `k8s-cluster`: the id of the cluster
 * - `k8s-resource`: `cluster/plural.group/namespace/name`; the core group is empty (`pods.`), `-` stands for no namespace
 *   and for all names
 */
import type { ResourceType } from './kinds';

const NONE = '-';

/** One object in a cluster, or all of a kind. @public */
export type ResourcePlace = ResourceType & {
  /** Cluster id. */
  cluster: string;
  namespace?: string;
  name?: string;
};

/** The reference of an object, or of all objects of a kind. @public */
export function formatResourceReference(place: ResourcePlace): string {
  const { cluster, plural, group, namespace, name } = place;
  return [cluster, `${plural}.${group}`, namespace ?? NONE, name ?? NONE].join(
    '/',
  );
}

/** What a reference means, or undefined when it is none. @public */
export function parseResourceReference(
  reference: string,
): ResourcePlace | undefined {
  const match = /^([^/]+)\/([^/.]+)\.([^/]*)\/([^/]+)\/([^/]+)$/.exec(
    reference,
  );
  if (!match) return undefined;
  const [, cluster, plural, group, namespace, name] = match;
  return {
    cluster,
    plural,
    group,
    ...(namespace !== NONE && { namespace }),
    ...(name !== NONE && { name }),
  };
}
