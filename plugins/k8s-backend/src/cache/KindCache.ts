import { columnsOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  ColumnSource,
  KubernetesObject,
  ManagedFieldsEntry,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  ResourceChange,
  ResourceKind,
  ResourceQuery,
  RowChange,
  RowQuery,
  TableQuery,
  TableResult,
} from '@backstage-k8s/plugin-k8s-node';
import type { ChangeObserver } from '../history/ChangeObserver';
import { matcherOf } from '../resources/matcherOf';
import { compareVersions } from '../resources/resourceVersion';
import { createRowBuilder } from '../rows/createRowBuilder';
import type { KindStatus } from './CacheStatus';
import { appearance, ChangeFeed } from './ChangeFeed';
import { Freshness } from './Freshness';
import type { FreshnessOptions } from './Freshness';
import { ListWatch } from './ListWatch';
import type { ListWatchOptions, ListWatchSink } from './ListWatch';
import { PageMemory } from './PageMemory';
import type { ReadFailure } from './readFailure';
import type { Row } from './Row';
import { RowFeed } from './RowFeed';
import type { RowListener } from './RowListener';
import { RowStore, versionOf } from './RowStore';
import { selectPage } from './selectPage';
import { rowMatcherOf } from './selectRows';
import type { ViewSource } from './views/ViewSource';

// Evicting one by one would sort each time.
const EVICTION_SLACK = 1.1;
// Of one list; they are held until it is complete.
const MAX_NEWS = 3_000;

/** What a kind needs from its cluster. */
export interface KindCacheOptions extends FreshnessOptions {
  kind: ResourceKind;
  reader: Pick<ListWatchOptions, 'connect' | 'reachable' | 'slot'>;
  /** Told of every failure. */
  onFailure: (failure: ReadFailure) => void;
  /** Keep only so many objects, the newest; absent: all. */
  maxObjects?: number;
  /** Told what was changed; absent: nobody wants to know. */
  observer?: ChangeObserver;
}

interface Write {
  object: KubernetesObject;
  isGone: boolean;
}

/** The objects of one kind in one cluster, kept up to date while it runs. */
export class KindCache implements ViewSource {
  readonly #options: KindCacheOptions;
  readonly #feeds = new Set<ChangeFeed>();
  readonly #listeners = new Set<RowListener>();
  readonly #waiting = new Set<() => void>();
  readonly #pages = new PageMemory();
  readonly #counts = { lists: 0, resets: 0, errors: 0, garbage: 0, changes: 0 };
  #columns: readonly ColumnSource[];
  #store: RowStore;
  #freshness: Freshness;
  /** Of the list or watch; undefined before the first list. */
  #version: string | undefined;
  /** The list that is being read, and what we wrote meanwhile: it may be newer than the list. */
  #list:
    | {
        store: RowStore;
        writes: Write[];
        /** What it tells that is new, for when it is complete. */
        news: (() => void)[];
      }
    | undefined;
  #lastUsed = Date.now();
  #told = 'syncing';
  #run = new AbortController();
  #reader: ListWatch;

  constructor(options: KindCacheOptions) {
    this.#options = options;
    this.#columns = columnsOf(options.kind) ?? [];
    this.#store = this.#newStore();
    this.#freshness = new Freshness(options);
    this.#reader = this.#start();
  }

  /** Forgets everything and begins again. */
  restart() {
    this.#run.abort();
    this.#store = this.#newStore();
    this.#freshness = new Freshness(this.#options);
    this.#version = undefined;
    this.#run = new AbortController();
    this.#reader = this.#start();
    this.#told = 'syncing';
    for (const feed of this.#allFeeds()) feed.reset();
  }

  /** Ends it; readers of changes get the error thrown. */
  stop(error: Error) {
    this.#run.abort();
    for (const feed of this.#allFeeds()) feed.close(error);
    this.#wakeWaiting();
  }

  /** Opens the watch anew; with `relist` reads the list again. */
  renew(options: { relist: boolean }) {
    this.#freshness.renewing();
    this.#reader.renew(options);
  }

  get isSynced(): boolean {
    return this.#freshness.isSynced;
  }

  /** Why it cannot be read at the moment. */
  get failure(): ReadFailure | undefined {
    return this.#freshness.failure;
  }

  /** Whether nobody has asked for it for so long. */
  isIdle(idleMs: number): boolean {
    return this.subscribers === 0 && Date.now() - this.#lastUsed > idleMs;
  }

  touch() {
    this.#lastUsed = Date.now();
  }

  /** How fresh the objects are. */
  state(): CacheState {
    return this.#freshness.state({ lineMs: this.#reader.lineMs() });
  }

  /** Tells readers of changes when the freshness has changed by the mere passing of time. */
  tick() {
    this.#freshness.refresh();
    const told = appearance(this.state());
    if (told === this.#told) return;
    this.#told = told;
    for (const feed of this.#allFeeds()) feed.refresh();
  }

  get(
    namespace: string | undefined,
    name: string,
  ): KubernetesObject | undefined {
    this.touch();
    const row = this.#store.get(namespace, name);
    return row && this.#store.objectOf(row);
  }

  /** The version of an object that is known; undefined: it is not there. */
  versionOf(namespace: string | undefined, name: string): string | undefined {
    const row = this.#store.get(namespace, name);
    return row && versionOf(row);
  }

  /** The objects of a query, and the version that they are known up to. */
  list(query: ResourceQuery): {
    items: KubernetesObject[];
    resourceVersion: string;
  } {
    this.touch();
    const matches = matcherOf(query);
    const items: KubernetesObject[] = [];
    for (const row of this.#store.select(query)) {
      if (matches(row)) items.push(this.#store.objectOf(row));
    }
    return { items, resourceVersion: this.#version ?? '' };
  }

  /** One page of rows. @throws InputError */
  table(query: TableQuery): Omit<TableResult, 'cache'> {
    // Who looks through everything that is there is no reader of this kind.
    if (!query.find?.onlyCached) this.touch();
    this.#showColumns(query.columns);
    const store = this.#store;
    const select = () => selectPage(store.select(query), query);
    // What somebody types is asked for once; it must not take the place of lists that many look at.
    return query.find ? select() : this.#pages.page(store, query, select);
  }

  /** Whether everything up to this version is known. */
  hasReached(version: string): boolean {
    return (
      this.#version !== undefined &&
      compareVersions(this.#version, version) >= 0
    );
  }

  /** Waits until the condition holds, it stops, or the signal is aborted; answers whether it holds. */
  async until(
    condition: () => boolean,
    options: { signal: AbortSignal },
  ): Promise<boolean> {
    const { signal } = options;
    while (!condition() && !signal.aborted && !this.#run.signal.aborted) {
      await new Promise<void>(resolve => {
        const wake = () => {
          this.#waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    return condition();
  }

  /** The changes of a query, from a `RESET` on, until the signal is aborted. */
  watch(
    query: ResourceQuery,
    options: { signal: AbortSignal },
  ): AsyncGenerator<ResourceChange> {
    const feed = new ChangeFeed({
      source: {
        state: () => this.state(),
        snapshot: () => (this.isSynced ? this.#store.select(query) : undefined),
        objectOf: row => this.#store.objectOf(row),
      },
      matches: matcherOf(query),
    });
    return this.#follow(feed, {
      ...options,
      listen: () => this.#entered(this.#feeds, feed),
    });
  }

  /** What happens to the rows of a query, until the signal is aborted. @throws InputError */
  watchRows(
    query: RowQuery,
    options: { signal: AbortSignal },
  ): AsyncGenerator<RowChange> {
    this.#showColumns(query.columns);
    const feed = new RowFeed({
      cluster: query.cluster,
      state: () => this.state(),
      matches: rowMatcherOf({ ...query, limit: 0 }),
    });
    return this.#follow(feed, { ...options, listen: () => this.listen(feed) });
  }

  rows(query: {
    namespace?: string;
    name?: string;
    ownerUids?: readonly string[];
  }): Iterable<Row> {
    return this.#store.select(query);
  }

  objectOf(row: Row): KubernetesObject {
    return this.#store.objectOf(row);
  }

  listen(listener: RowListener): () => void {
    return this.#entered(this.#listeners, listener);
  }

  get subscribers(): number {
    return this.#feeds.size + this.#listeners.size;
  }

  *#allFeeds(): Iterable<ChangeFeed | RowListener> {
    yield* this.#feeds;
    yield* this.#listeners;
  }

  async *#follow<
    Change,
    Feed extends { changes(): AsyncIterable<Change>; close(): void },
  >(
    feed: Feed,
    options: { signal: AbortSignal; listen: (feed: Feed) => () => void },
  ): AsyncGenerator<Change> {
    const { signal } = options;
    if (signal.aborted) return;
    const end = () => feed.close();
    signal.addEventListener('abort', end, { once: true });
    const stop = options.listen(feed);
    try {
      yield* feed.changes();
    } finally {
      stop();
      signal.removeEventListener('abort', end);
    }
  }

  #entered<Feed>(feeds: Set<Feed>, feed: Feed): () => void {
    feeds.add(feed);
    return () => {
      feeds.delete(feed);
      this.touch();
    };
  }

  #newStore(): RowStore {
    return new RowStore({
      build: createRowBuilder(this.#options.kind, this.#columns),
    });
  }

  /** A kind's columns may change with its definition: then all rows are made anew from their objects. */
  #showColumns(columns: readonly ColumnSource[]) {
    if (columns === this.#columns) return;
    const differ = JSON.stringify(columns) !== JSON.stringify(this.#columns);
    this.#columns = columns;
    if (!differ) return;
    const before = this.#store;
    this.#store = this.#rebuilt(before);
    if (this.#list) {
      // The first list is what is shown; a later one is read beside it.
      const { store } = this.#list;
      this.#list.store = store === before ? this.#store : this.#rebuilt(store);
    }
    for (const feed of this.#allFeeds()) feed.reset();
  }

  #rebuilt(before: RowStore): RowStore {
    const store = this.#newStore();
    for (const row of before.select({})) store.put(before.objectOf(row));
    return store;
  }

  /** Takes in an object that a write answered with. */
  put(object: KubernetesObject, writers?: readonly ManagedFieldsEntry[]) {
    this.#list?.writes.push({ object, isGone: false });
    if (!this.isSynced) return;
    this.#changed(object, writers);
    this.#wakeWaiting();
  }

  /** Takes in that a write deleted an object. */
  remove(object: KubernetesObject) {
    this.#list?.writes.push({ object, isGone: true });
    if (this.isSynced) this.#deleted(object);
  }

  status(): KindStatus {
    const { trueAt } = this.#freshness;
    return {
      ...this.#options.kind,
      ...this.state(),
      ...this.#counts,
      objects: this.#store.size,
      packedBytes: this.#store.packedBytes,
      subscribers: this.subscribers,
      lagMs: trueAt === undefined ? undefined : Date.now() - trueAt,
    };
  }

  #start(): ListWatch {
    const { kind, timings, reader } = this.#options;
    this.#list = undefined;
    const listWatch = new ListWatch({
      ...reader,
      kind,
      timings,
      sink: this.#sink(),
      signal: this.#run.signal,
    });
    // Never fails; ends with its signal.
    void listWatch.run();
    return listWatch;
  }

  #sink(): ListWatchSink {
    return {
      listing: () => this.#listing(),
      listed: (object, writers) => {
        const store = this.#list?.store ?? this.#store;
        store.put(object);
        this.#evict(store);
        this.#noteListed(object, writers);
      },
      synced: version => this.#synced(version),
      changed: (object, writers) => {
        this.#freshness.changed(versionOf(object));
        this.#changed(object, writers);
      },
      deleted: object => {
        this.#freshness.changed(versionOf(object));
        this.#deleted(object);
      },
      reached: version => {
        this.#version = version;
        this.#freshness.reached();
        this.#wakeWaiting();
      },
      knows: object =>
        this.#store.knows(object) || this.#options.maxObjects !== undefined,
      watching: () => {
        this.#freshness.watching();
        this.tick();
      },
      failed: failure => this.#failed(failure),
    };
  }

  #listing() {
    this.#freshness.listing();
    // The first list is shown while it arrives; a later one replaces the old when it is complete.
    const store = this.#newStore();
    if (!this.isSynced) this.#store = store;
    this.#list = { store, writes: [], news: [] };
  }

  /** Of a list that is read again: what happened meanwhile, unseen. */
  #noteListed(
    object: KubernetesObject,
    writers?: readonly ManagedFieldsEntry[],
  ) {
    const { observer } = this.#options;
    const { trueAt } = this.#freshness;
    // The first list tells what is, not what has happened.
    if (!observer || !this.isSynced || !this.#list) return;
    const known = this.#store;
    if (known.knows(object)) return;
    const { namespace, name = '' } = object.metadata;
    const row = known.get(namespace, name);
    if (this.#list.news.length >= MAX_NEWS) {
      observer.passOver();
      return;
    }
    this.#list.news.push(() =>
      observer.changed({
        object,
        managedFields: writers,
        before: row && (() => known.objectOf(row)),
        notBefore: trueAt,
      }),
    );
  }

  /** What a list that is complete tells by what is not in it. */
  #noteMissing(listed: RowStore) {
    const { observer } = this.#options;
    const { trueAt } = this.#freshness;
    if (!observer || listed === this.#store) return;
    for (const row of this.#store.select({})) {
      const { namespace, name = '', uid } = row.metadata;
      const there = listed.get(namespace, name);
      // One of its name but another uid is told of where it is listed.
      if (there || uid === undefined) continue;
      observer.deleted({
        object: { metadata: row.metadata },
        notBefore: trueAt,
      });
    }
  }

  #synced(version: string) {
    const { store, writes, news } = this.#list ?? {
      ...{ store: this.#store, writes: [], news: [] },
    };
    this.#list = undefined;
    for (const tell of news) tell();
    for (const { object, isGone } of writes) {
      if (isGone) store.remove(object);
      else if (compareVersions(versionOf(object), version) > 0)
        store.put(object);
    }
    if (compareVersions(version, this.#version ?? version) < 0) {
      this.#counts.resets += 1;
    }
    this.#counts.lists += 1;
    this.#noteMissing(store);
    this.#store = store;
    this.#version = version;
    this.#freshness.synced();
    this.#told = appearance(this.state());
    for (const feed of this.#allFeeds()) feed.reset();
    this.#wakeWaiting();
  }

  #changed(object: KubernetesObject, writers?: readonly ManagedFieldsEntry[]) {
    const store = this.#store;
    const kept = store.put(object);
    if (!kept) return;
    const { row, before } = kept;
    this.#options.observer?.changed({
      object,
      managedFields: writers,
      before: before && (() => store.objectOf(before)),
    });
    this.#counts.changes += 1;
    for (const feed of this.#feeds) feed.changed(row);
    for (const listener of this.#listeners) listener.changed(row, before);
    for (const evicted of this.#evict(this.#store)) {
      for (const feed of this.#allFeeds()) feed.deleted(evicted);
    }
  }

  #deleted(object: KubernetesObject) {
    const known = this.#store.remove(object);
    if (!known) return;
    this.#options.observer?.deleted({ object: { metadata: known.metadata } });
    this.#counts.changes += 1;
    for (const feed of this.#allFeeds()) feed.deleted(known);
  }

  #evict(store: RowStore): Row[] {
    const { maxObjects } = this.#options;
    if (maxObjects === undefined || store.size < maxObjects * EVICTION_SLACK) {
      return [];
    }
    return store.evict(maxObjects);
  }

  #failed(failure: ReadFailure) {
    this.#freshness.failed(failure);
    this.#counts.errors += 1;
    if (failure.type === 'garbage') this.#counts.garbage += 1;
    this.#options.onFailure(failure);
    this.tick();
    this.#wakeWaiting();
  }

  #wakeWaiting() {
    for (const wake of [...this.#waiting]) wake();
  }
}
