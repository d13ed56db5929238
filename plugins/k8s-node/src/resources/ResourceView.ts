import type { CacheState, ResourceQuery } from './ResourceClient';

/**
 * Which view of a cluster: rows that are made of objects of several kinds where these are cached, such as deployments with their
 * rollout, pods and events. Readers with the same rights share one.
 *
 * @public
 */
export interface ViewQuery {
  /** Cluster id. */
  cluster: string;
  /** Its name in the back end's table of views. */
  view: string;
  /** What it is made of, by the name of the part; each is narrowed to what the reader may see like a query of its own. */
  parts: Readonly<Record<string, ResourceQuery>>;
}

/** A row of a view, written already. @public */
export interface ViewRow {
  /** Within the view of its cluster. */
  key: string;
  /** JSON text. */
  json: string;
}

/** All rows of a view, and how fresh they are. @public */
export interface ViewResult {
  rows: readonly ViewRow[];
  cache: CacheState;
}

/**
 * What happened to the rows of a view. `RESET`: forget everything, all rows follow. `CHANGES` without rows tells that freshness
 * changed.
 *
 * @public
 */
export type ViewChange =
  | { type: 'RESET' }
  | {
      type: 'CHANGES';
      upserted: readonly ViewRow[];
      /** Keys. */
      deleted: readonly string[];
      cache: CacheState;
    };
