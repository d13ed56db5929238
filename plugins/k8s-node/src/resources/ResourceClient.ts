/**
 * The one interface through which everything reads and changes what is in clusters. Permission, audit and cache are
 * wrappers of it; at the bottom is the API server.
 */
import type {
  KubernetesObject,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type { AccessFilter } from './AccessFilter';
import type { RequestContext } from './RequestContext';
import type {
  RowChange,
  RowQuery,
  TableQuery,
  TableResult,
} from './ResourceTable';
import type { ViewChange, ViewQuery, ViewResult } from './ResourceView';

/** A kind in a cluster. @public */
export interface ResourceKind extends ResourceType {
  /** Cluster id. */
  cluster: string;
  /** API version without the group, e.g. `v1`. */
  version: string;
}

/** One object in a cluster. @public */
export interface ObjectReference extends ResourceKind {
  /** Absent: cluster-scoped. */
  namespace?: string;
  name: string;
}

/** Which objects to list or watch. @public */
export interface ResourceQuery extends ResourceKind {
  /** Absent: all namespaces. */
  namespace?: string;
  /** Only the object of this name. */
  name?: string;
  /** Kubernetes' label selector syntax. */
  labelSelector?: string;
  /** Only what objects with these uids own, by `metadata.ownerReferences`; of Events, those that are about them. */
  ownerUids?: readonly string[];
  /** Only objects in a later resourceVersion than this. */
  laterThan?: string;
  /** Of Events: only those about the object of this kind and name. */
  about?: { kind: string; name: string };
  /** Of Events, lists only: RFC 3339; also what the cluster has forgotten and the portal remembers, from then on. */
  since?: string;
  /** Lists only: more objects than this are not answered but refused with 413, before they are put together. */
  maxItems?: number;
  /** Added by the authorizing layer; absent below it: everything. */
  filter?: AccessFilter;
}

/** How fresh an answer is. @public */
export interface CacheState {
  state: 'live' | 'syncing' | 'stale';
  /** stale: RFC 3339, when it was last known to be true. */
  asOf?: string;
  /** stale: why, for people. */
  message?: string;
}

/** Options of reads. @public */
export interface ReadOptions {
  context: RequestContext;
  /** At least this resourceVersion: the cache is waited for up to a second, then the API server asked. */
  minimumVersion?: string;
  /** Ask the API server, past the cache; what `get` answers has its `managedFields` then. Not for `watch`. */
  live?: boolean;
}

/** Options of changes. @public */
export interface WriteOptions {
  context: RequestContext;
  /** What the audit calls the change, e.g. `deployment.rollback`. */
  action: string;
  /** What the audit keeps of what was asked for; never secrets. */
  details?: Record<string, unknown>;
  /** Ask the API server what would happen; changes nothing, is not audited. */
  dryRun?: boolean;
}

/** Objects, and how fresh they are. @public */
export interface ListResult {
  items: KubernetesObject[];
  resourceVersion: string;
  cache: CacheState;
}

/** One object, and how fresh it is. @public */
export interface GetResult {
  object: KubernetesObject;
  cache: CacheState;
}

/**
 * What happened to the objects of a query. `RESET`: forget everything, the full list follows as `ADDED` and then `SYNCED`.
 * `STALE` and `LIVE` tell that the connection to the cluster was lost and is back.
 *
 * @public
 */
export type ResourceChange =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubernetesObject }
  | { type: 'RESET' | 'SYNCED' | 'STALE' | 'LIVE'; cache: CacheState };

/** Reads. @public */
export interface ResourceReader {
  /** @throws NotFoundError when it does not exist, or may not be seen */
  get(reference: ObjectReference, options: ReadOptions): Promise<GetResult>;
  /** @throws NotFoundError when the cluster or kind does not exist, or may not be seen */
  list(query: ResourceQuery, options: ReadOptions): Promise<ListResult>;
  /**
   * One page of rows.
   *
   * @throws NotFoundError when the cluster or kind does not exist, or may not be seen; InputError when a selector, the sort or
   * the place of the page cannot be read
   */
  table(query: TableQuery, options: ReadOptions): Promise<TableResult>;
  /**
   * Starts with `RESET`; ends when `context.signal` is aborted.
   *
   * @throws NotImplementedError when the cluster tells no changes of the kind
   */
  watch(
    query: ResourceQuery,
    options: ReadOptions,
  ): AsyncIterable<ResourceChange>;
  /**
   * What happens to the rows of a query from now on; ends when `context.signal` is aborted. Of a kind that the cluster tells no changes
   * of, only a `RESET` that says so.
   */
  watchRows(query: RowQuery, options: ReadOptions): AsyncIterable<RowChange>;
  /**
   * All rows of a view. Waits some seconds for the first synchronisation; then answers with what is there as `syncing`.
   *
   * @throws NotFoundError when the cluster does not exist or may not be seen, ServiceUnavailableError when nothing is known
   * because the cluster cannot be read
   */
  view(query: ViewQuery, options: ReadOptions): Promise<ViewResult>;
  /** Starts with `RESET`; ends when `context.signal` is aborted. */
  watchView(query: ViewQuery, options: ReadOptions): AsyncIterable<ViewChange>;
}

/** Precondition of a change; a mismatch is a ConflictError. @public */
export interface Precondition {
  resourceVersion?: string;
  uid?: string;
}

/** Options of a deletion. @public */
export interface DeleteOptions extends WriteOptions {
  precondition?: Precondition;
  /** What becomes of what the object owns; default `Background`. */
  propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** Told, before the answer, of the uid, and of the version where the object is still there and only on its way out. */
  onDeleted?: (object: { uid: string; resourceVersion?: string }) => void;
}

/**
 * A partial change: a JSON merge patch, or a JSON patch (an array of operations).
 *
 * @public
 */
export type ResourcePatch = Record<string, unknown> | readonly JsonPatchStep[];

/** An operation of a JSON patch (RFC 6902). @public */
export interface JsonPatchStep {
  op: 'add' | 'remove' | 'replace' | 'test';
  path: string;
  value?: unknown;
}

/** Changes. They always go to the API server and answer with the object as it now is. @public */
export interface ResourceWriter {
  /** @throws ConflictError when it exists */
  create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject>;
  /** Server-side apply of a full manifest: what it leaves out and we owned is removed. */
  apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject>;
  patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject>;
  /** @throws NotFoundError when it does not exist */
  delete(reference: ObjectReference, options: DeleteOptions): Promise<void>;
}

/** Reads and changes. @public */
export interface ResourceClient extends ResourceReader, ResourceWriter {}
