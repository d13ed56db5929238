import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';

/** A field of an object that differs. */
export interface FieldChange {
  /** JSON pointer (RFC 6901); items of lists by their place after the change, of what was removed before it. */
  path: string;
  /** The same for people, e.g. `spec.template.spec.containers[name=app].image`. */
  field: string;
  /** Absent: it was added, or values are not kept. */
  before?: unknown;
  /** Absent: it was removed, or values are not kept. */
  after?: unknown;
  /** Whether the values are left out. */
  hidden?: boolean;
}

/** Who wrote to an object, as the object itself tells it. */
export interface ChangeManager {
  /** Name of the field manager, e.g. `kubectl-edit`. */
  manager: string;
  operation: 'Apply' | 'Update';
  /** RFC 3339; by the clock of the API server. */
  at?: string;
  subresource?: string;
}

/** A change as it is heard where the objects are. It is data, so that it may come from another thread. */
export interface ObjectChange extends ResourceType {
  /** Cluster id. */
  cluster: string;
  /** Absent: cluster-scoped. */
  namespace?: string;
  name: string;
  uid: string;
  /** That the change has led to; {@link DELETED_VERSION} when the object is gone. */
  resourceVersion: string;
  type: 'created' | 'changed' | 'deleted';
  /** Milliseconds since 1970; when it was heard. */
  at: number;
  /** Milliseconds since 1970; it happened between then and `at`, unseen. Absent: it was heard as it happened. */
  notBefore?: number;
  /** None: the object does not tell. */
  managers: ChangeManager[];
  changes: FieldChange[];
  /** How many fields differ besides. */
  omitted: number;
}

/** In place of the resourceVersion of a deletion, which not everybody who hears of it is told. */
export const DELETED_VERSION = 'deleted';

/** That a change of a kind in a cluster was too much to be looked at. */
export interface DroppedChange extends ResourceType {
  /** Cluster id. */
  cluster: string;
  dropped: true;
}

/** How many changes of a kind in a cluster were dropped. */
export interface DroppedChanges extends ResourceType {
  /** Cluster id. */
  cluster: string;
  count: number;
}

/** Told of changes, and of those that were too many to be looked at. */
export type ChangeListener = (
  changes: readonly ObjectChange[],
  dropped: readonly DroppedChanges[],
) => void;
