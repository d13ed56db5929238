/**
 * Tables: what most pages need of objects. Rows are kept ready where the objects are, sorted and paged there, and come over as
 * bytes that nobody parses on the way to the browser.
 */
import type {
  ColumnSource,
  ResourceHealth,
  ResourceRow,
  SearchField,
} from '@backstage-k8s/plugin-k8s-common';
import type { CacheState, ResourceQuery } from './ResourceClient';

/** Which rows, in which order, and which page of them. @public */
export interface TableQuery extends ResourceQuery {
  /** The kind's columns, and where their cells come from. */
  columns: readonly ColumnSource[];
  /** Ids of the columns whose cells are in the rows, in that order; absent: all. It selects and sorts nothing. */
  cells?: readonly string[];
  /** Kubernetes' syntax, over `metadata.*` and the columns by their ids. */
  fieldSelector?: string;
  /** Part of a name, an image or a cell, upper and lower case alike. */
  search?: string;
  /** A column's id, `name`, `namespace`, `age` or `health`; `-` before it sorts downwards. */
  sort?: string;
  /** Only what a text is found in, the best matches first whatever `sort` says; the rows are `FoundObject`s then. */
  find?: FindQuery;
  /** Rows at most; 0 only counts, which is refused with 503 where the cache does not have the kind: all of it is not read for that. */
  limit: number;
  /** Only rows behind this one in the order asked for. */
  after?: SortKey;
}

/** A text that is looked for in many kinds. @public */
export interface FindQuery {
  /**
   * Part of a name, an image or a label's value, upper and lower case alike; with `=` in it a label and the beginning of its value.
   */
  text: string;
  /** Where it is looked for. */
  by: readonly SearchField[];
  /** Look only at what is in the cache already, and neither begin to read the kind nor keep it there. */
  onlyCached?: boolean;
}

/** What rows are sorted by; its last parts (namespace, name, cluster id) make it unique. @public */
export type SortKey = readonly (string | number)[];

/**
 * Rows as bytes: the JSON texts of the rows one after the other, and where each ends. They belong to who got them.
 *
 * @public
 */
export interface PackedRows {
  /** JSON texts with commas between them: neighbours are sent as they are. */
  bytes: Uint8Array;
  /** Of each row the end in `bytes`; the first begins at 0, others behind the comma. */
  ends: Uint32Array;
  /** JSON text of the `SortKey` of each row, so that pages of several clusters can be merged; most pages need not. */
  keys: string;
}

/** The sort keys of a page, row by row. @public */
export function sortKeysOf({ keys }: Pick<PackedRows, 'keys'>): SortKey[] {
  return JSON.parse(keys);
}

/** One page. @public */
export interface TableResult {
  rows: PackedRows;
  /** Rows on all pages. */
  total: number;
  /** How many of all are how; a state that none has is left out. */
  health: Partial<Record<ResourceHealth['state'], number>>;
  /** Whether rows follow behind this page. */
  hasMore: boolean;
  cache: CacheState;
}

/** Which rows to be told of as they change. @public */
export type RowQuery = Omit<
  TableQuery,
  'cells' | 'sort' | 'limit' | 'after' | 'find'
>;

/**
 * What happened to the rows of a query since it began. `RESET`, which is the first too: read the list (again); nothing follows but what
 * changes from then on. `STALE` and `LIVE` tell that the connection to the cluster was lost and is back.
 *
 * @public
 */
export type RowChange =
  | { type: 'UPSERTED' | 'DELETED'; row: ResourceRow }
  | { type: 'RESET' | 'STALE' | 'LIVE'; cache: CacheState };

const COMMA = ',';

/** The rows, parsed. @public */
export function unpackRows({ bytes, ends }: PackedRows): ResourceRow[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  return Array.from(ends, end => {
    const row = JSON.parse(text.toString('utf8', start, end));
    start = end + COMMA.length;
    return row;
  });
}
