import type {
  KindDescription,
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';

/** What relates two objects, in the words of the REST API. */
export type RelationName = Schema<'RelatedGraph'>['edges'][number]['relation'];

/** A kind by plural and group: `pods.` (core) or `deployments.apps`. */
export type TypeName = string;

/** A kind as other objects name it: by its API group (empty: core) and its name, e.g. `Deployment`. */
export interface NamedKind {
  group: string;
  kind: string;
}

/** What an object points to. Without a namespace: in its own. */
export type Link = {
  to: TypeName | NamedKind;
  namespace?: string;
} & (
  | {
      name: string;
      /** One of that name with another uid is not meant. */
      uid?: string;
      /** The object does without it: that it does not exist is nothing to tell. */
      optional?: boolean;
    }
  | {
      /** In Kubernetes' syntax; empty: all. */
      labelSelector: string;
    }
);

/** Reads off an object what it points to; works on any object, whatever it holds. */
export type LinkReader = (object: KubernetesObject) => Link[];

/** A row of the table of relations. */
export interface Relation {
  relation: RelationName;
  /** The kinds that point. */
  from: readonly TypeName[] | 'any';
  /** The kinds whose objects are worth asking who points to them; none: it is never asked. */
  to: readonly TypeName[] | ((kind: KindDescription) => boolean);
  links: LinkReader;
  /** The relation goes from what is pointed to (an owner) to what points. */
  isBackward?: boolean;
  /** What points may be in any namespace. Without it: in that of what is pointed to. */
  isAcrossNamespaces?: boolean;
  /** The column of the pointing kind that holds the name, where one does: then not all of a kind has to be read. */
  column?: string;
  /**
   * So many point to the same (pods to their node) that who comes to it from another object is not told of them: they have
   * nothing to do with each other.
   */
  isHub?: boolean;
  /** The same the other way: what points points to so many (a policy to all pods) that only its own graph tells of them. */
  isWide?: boolean;
}

/** Plural and group of a kind. */
export function typeNameOf(kind: { group: string; plural: string }): TypeName {
  return `${kind.plural}.${kind.group}`;
}
