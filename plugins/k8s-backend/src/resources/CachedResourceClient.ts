import { once } from 'node:events';
import {
  NotImplementedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  DeleteOptions,
  GetResult,
  ListResult,
  ObjectReference,
  Precondition,
  ReadOptions,
  ResourceChange,
  ResourceClient,
  ResourceKind,
  ResourcePatch,
  ResourceQuery,
  RowChange,
  RowQuery,
  TableQuery,
  TableResult,
  ViewChange,
  ViewQuery,
  ViewResult,
  WriteOptions,
} from '@backstage-k8s/plugin-k8s-node';
import { notKept } from '../cache/memory/notKept';
import type { ResourceCache } from '../cache/ResourceCache';
import { SharedViews } from '../cache/SharedViews';
import type { LiveResourceClient } from './LiveResourceClient';
import { notWatched } from './notWatched';

/** What lies below the cache. */
export type UncachedResourceClient = Pick<
  LiveResourceClient,
  'get' | 'list' | 'table' | 'create' | 'apply' | 'patch' | 'remove'
>;

/**
 * Reads from the cache, and from the API server what the cache cannot tell. Changes go to the API server; what it answers is in
 * the cache at once, so that whoever changed something sees it.
 *
 * Objects that are read are shared with other readers: nobody changes them.
 */
export class CachedResourceClient implements ResourceClient {
  readonly #cache: ResourceCache;
  readonly #live: UncachedResourceClient;
  readonly #hasWatch: (kind: ResourceKind) => boolean;
  readonly #views: SharedViews;

  constructor(options: {
    cache: ResourceCache;
    live: UncachedResourceClient;
    /** Whether the cluster tells changes of a kind: else it is never asked of the cache. Absent: of all. */
    hasWatch?: (kind: ResourceKind) => boolean;
  }) {
    this.#cache = options.cache;
    this.#live = options.live;
    this.#hasWatch = options.hasWatch ?? (() => true);
    this.#views = new SharedViews(options);
  }

  async get(
    reference: ObjectReference,
    options: ReadOptions,
  ): Promise<GetResult> {
    if (options.live || !this.#hasWatch(reference)) {
      return this.#live.get(reference, options);
    }
    const { context, minimumVersion } = options;
    const cached = await this.#cache.get(reference, {
      signal: context.signal,
      minimumVersion,
    });
    // What is not in the cache may be newer than the cache: only the API server can say that something does not exist.
    if (!cached?.object) return this.#live.get(reference, options);
    return { object: cached.object, cache: cached.cache };
  }

  async list(query: ResourceQuery, options: ReadOptions): Promise<ListResult> {
    if (options.live || !this.#hasWatch(query)) {
      return this.#live.list(query, options);
    }
    const { context, minimumVersion } = options;
    const cached = await this.#cache.list(query, {
      signal: context.signal,
      minimumVersion,
    });
    return cached ?? this.#live.list(query, options);
  }

  async table(query: TableQuery, options: ReadOptions): Promise<TableResult> {
    if (options.live) return this.#live.table(query, options);
    const { context, minimumVersion } = options;
    const hasWatch = this.#hasWatch(query);
    const cached = hasWatch
      ? await this.#cache.table(query, {
          signal: context.signal,
          minimumVersion,
        })
      : undefined;
    if (cached) return cached;
    // Whoever counts does so for every cluster, again and again.
    if (query.limit === 0) throw notCounted(query);
    // So does whoever types a text.
    if (!hasWatch && query.find) {
      throw new ServiceUnavailableError(notWatched(query));
    }
    const page = await this.#live.table(query, options);
    if (!hasWatch) return { ...page, cache: unfollowed(notWatched(query)) };
    // What the cache is only behind of, it will tell the changes of.
    if (minimumVersion !== undefined) return page;
    return { ...page, cache: unfollowed(notKept(query.plural)) };
  }

  async *watchRows(
    query: RowQuery,
    { context: { signal } }: ReadOptions,
  ): AsyncGenerator<RowChange> {
    if (this.#hasWatch(query)) {
      yield* this.#cache.watchRows(query, { signal });
      return;
    }
    yield { type: 'RESET', cache: unfollowed(notWatched(query)) };
    if (!signal.aborted) await once(signal, 'abort');
  }

  watch(
    query: ResourceQuery,
    { context }: ReadOptions,
  ): AsyncIterable<ResourceChange> {
    if (!this.#hasWatch(query))
      throw new NotImplementedError(notWatched(query));
    return this.#cache.watch(query, { signal: context.signal });
  }

  view(query: ViewQuery, { context }: ReadOptions): Promise<ViewResult> {
    return this.#views.read(query, { signal: context.signal });
  }

  watchView(
    query: ViewQuery,
    { context }: ReadOptions,
  ): AsyncIterable<ViewChange> {
    return this.#views.watch(query, { signal: context.signal });
  }

  async create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    const created = await this.#live.create(reference, object, options);
    return this.#keep(reference, created, options);
  }

  async apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject> {
    const applied = await this.#live.apply(reference, object, options);
    return this.#keep(reference, applied, options);
  }

  async patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject> {
    const patched = await this.#live.patch(reference, patch, options);
    return this.#keep(reference, patched, options);
  }

  async delete(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<void> {
    const { remaining, uid } = await this.#live.remove(reference, options);
    if (options.dryRun) return;
    const gone = remaining?.metadata.uid ?? uid;
    if (gone !== undefined) {
      const resourceVersion = remaining?.metadata.resourceVersion;
      options.onDeleted?.({ uid: gone, resourceVersion });
    }
    this.#views.written(reference.cluster);
    if (remaining) this.#cache.put(reference, remaining);
    else if (uid !== undefined) this.#cache.remove(reference, uid);
  }

  #keep(
    reference: ObjectReference,
    object: KubernetesObject,
    { dryRun }: WriteOptions,
  ): KubernetesObject {
    if (dryRun) return object;
    this.#cache.put(reference, object);
    this.#views.written(reference.cluster);
    return object;
  }
}

/** Of rows that are true now, and of which no change is told. */
function unfollowed(message: string): CacheState {
  return { state: 'stale', asOf: new Date().toISOString(), message };
}

function notCounted({ plural }: TableQuery): ServiceUnavailableError {
  return new ServiceUnavailableError(
    `How many ${plural} there are is not known, since the portal does not keep them`,
  );
}
