import type { Schema } from './K8sClient';

/** A column of a kind's table, as the REST API tells it. @public */
export type ResourceColumn = Schema<'ResourceColumn'>;
/** A row of a kind's table. @public */
export type ResourceRow = Schema<'ResourceRow'>;
/** How an object is doing. @public */
export type ResourceHealth = Schema<'ResourceHealth'>;
/** A kind that a cluster serves. @public */
export type Kind = Schema<'Kind'>;

/**
 * A column and where its cells come from. It is data, so that it can be sent to where the objects are.
 *
 * @public
 */
export interface ColumnSource extends ResourceColumn {
  /**
   * A path in the dialect of CustomResourceDefinitions' printer columns, e.g. `.status.phase` or
   * `.status.conditions[?(@.type=="Ready")].status`.
   *
   * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
   */
  path?: string;
  /** Name of a computed cell, where no path tells it, e.g. `podStatus`. */
  cell?: string;
}

/**
 * A kind with where its cells come from.
 *
 * @public
 */
export interface KindDescription extends Omit<Kind, 'columns'> {
  columns: ColumnSource[];
}
