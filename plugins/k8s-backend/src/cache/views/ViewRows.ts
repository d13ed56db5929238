import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import type { Row } from '../Row';

/** What a view may read: of each part only what belongs to its query and may be seen. */
export interface ViewParts<Part extends string> {
  rows(part: Part, query?: { ownerUids: readonly string[] }): Iterable<Row>;
  objectOf(part: Part, row: Row): KubernetesObject;
  /** False for an optional part that cannot be read. */
  isThere(part: Part): boolean;
}

/** Rows by their key; undefined: gone. */
export type MadeRows =
  | Iterable<[key: string, row: object | undefined]>
  | AsyncIterable<[key: string, row: object | undefined]>;

/** Makes the rows of a view. It is told what changed, and asked now and then which rows that makes. */
export interface ViewRows<Part extends string> {
  changed(part: Part, row: Row): void;
  deleted(part: Part, row: Row): void;
  /** Time has passed: what that alone may have changed is looked at again. @returns whether there is anything */
  aged(): boolean;
  /** Rows that may differ since the last call by their key, undefined for those that are gone; `all`: of everything there is. */
  take(options: { all: boolean; cache: CacheState }): MadeRows;
}

/** A kind of view. */
export interface ViewDefinition<Part extends string = string> {
  /** Parts that it can do without, when they cannot be read or the cluster does not have them. */
  optional: readonly Part[];
  make(options: {
    /** Cluster id. */
    cluster: string;
    parts: ViewParts<Part>;
    /** Milliseconds since 1970. */
    now: () => number;
  }): ViewRows<Part>;
}
