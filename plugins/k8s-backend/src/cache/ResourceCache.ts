import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  ListResult,
  ObjectReference,
  ResourceChange,
  ResourceKind,
  ResourceQuery,
  RowChange,
  RowQuery,
  TableQuery,
  TableResult,
  ViewQuery,
} from '@backstage-k8s/plugin-k8s-node';
import type { CacheStatus } from './CacheStatus';
import type { ViewUpdate } from './views/readView';

/** Options of reads from the cache. */
export interface CacheReadOptions {
  signal: AbortSignal;
  /** At least this resourceVersion: waited for up to a second. */
  minimumVersion?: string;
}

/**
 * Objects of all clusters as they were last seen, kept up to date by one list and watch per cluster and kind. Queries, filters
 * and answers are data, so that it may live in another thread.
 *
 * Objects belong to the cache and are shared by all readers: nobody changes them.
 */
export interface ResourceCache extends CacheStatus {
  /**
   * One object, whoever may see it; `object` undefined: it does not exist. Undefined instead of an answer: the cache cannot
   * tell (yet), or is behind the version asked for.
   */
  get(
    reference: ObjectReference,
    options: CacheReadOptions,
  ): Promise<{ object?: KubernetesObject; cache: CacheState } | undefined>;
  /**
   * The objects of a query, in no order. Waits some seconds for the first synchronisation; then answers with what is there as
   * `syncing`. Undefined: the cache is behind the version asked for.
   *
   * @throws NotFoundError when the cluster or kind does not exist, ServiceUnavailableError when nothing is known because the
   * cluster cannot be read, InputError when the selector cannot be read
   */
  list(
    query: ResourceQuery,
    options: CacheReadOptions,
  ): Promise<ListResult | undefined>;
  /** One page of rows; otherwise as {@link list}. */
  table(
    query: TableQuery,
    options: CacheReadOptions,
  ): Promise<TableResult | undefined>;
  /** The changes of a query from a `RESET` on. @throws NotFoundError also when the cluster is removed meanwhile */
  watch(
    query: ResourceQuery,
    options: { signal: AbortSignal },
  ): AsyncIterable<ResourceChange>;
  /** As {@link watch}, of rows. */
  watchRows(
    query: RowQuery,
    options: { signal: AbortSignal },
  ): AsyncIterable<RowChange>;
  /** The rows of a view as they are made; see {@link SharedViews} for its readers. */
  watchView(
    query: ViewQuery,
    options: { signal: AbortSignal },
  ): AsyncIterable<ViewUpdate>;
  /**
   * Begins to read a kind, or has it stay, as if somebody read its objects now; of what was let go of, what there is room for comes
   * back. Waits for none of it. @throws NotFoundError when the cluster is not registered
   */
  touch(kind: ResourceKind, options: { signal: AbortSignal }): Promise<void>;
  /** Takes in what a write answered with, unless something newer is known. */
  put(kind: ResourceKind, object: KubernetesObject): void;
  /** Takes in that a write deleted the object with this uid. */
  remove(reference: ObjectReference, uid: string): void;
  /** Ends all reading. */
  stop(): void;
}
