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
import type { FreshnessOptions } from './Freshness';
import { KindFollowers } from './KindFollowers';
import { KindIntake } from './KindIntake';
import { ListWatch } from './ListWatch';
import type { ListWatchOptions } from './ListWatch';
import { PageMemory } from './PageMemory';
import type { ReadFailure } from './readFailure';
import type { Row } from './Row';
import { RowFeed } from './RowFeed';
import type { RowListener } from './RowListener';
import { RowStore, versionOf } from './RowStore';
import { selectPage } from './selectPage';
import { rowMatcherOf } from './selectRows';
import type { ViewSource } from './views/ViewSource';

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

/** The objects of one kind in one cluster, kept up to date while it runs. */
export class KindCache implements ViewSource {
  readonly #options: KindCacheOptions;
  readonly #followers = new KindFollowers({ onLeft: () => this.touch() });
  readonly #waiting = new Set<() => void>();
  readonly #pages = new PageMemory();
  readonly #intake: KindIntake;
  #columns: readonly ColumnSource[];
  #lastUsed = Date.now();
  #told = 'syncing';
  #run = new AbortController();
  #reader: ListWatch;

  constructor(options: KindCacheOptions) {
    this.#options = options;
    this.#columns = columnsOf(options.kind) ?? [];
    this.#intake = new KindIntake({
      ...options,
      newStore: () =>
        new RowStore({ build: createRowBuilder(options.kind, this.#columns) }),
      followers: this.#followers,
      onSynced: () => {
        this.#told = appearance(this.state());
      },
      onProgress: () => this.#wakeWaiting(),
      onWatching: () => this.tick(),
      onFailed: failure => {
        options.onFailure(failure);
        this.tick();
        this.#wakeWaiting();
      },
    });
    this.#reader = this.#start();
  }

  /** Forgets everything and begins again. */
  restart() {
    this.#run.abort();
    this.#intake.restart();
    this.#run = new AbortController();
    this.#reader = this.#start();
    this.#told = 'syncing';
    this.#followers.reset();
  }

  /** Ends it; readers of changes get the error thrown. */
  stop(error: Error) {
    this.#run.abort();
    this.#followers.close(error);
    this.#wakeWaiting();
  }

  /** Opens the watch anew; with `relist` reads the list again. */
  renew(options: { relist: boolean }) {
    this.#intake.freshness.renewing();
    this.#reader.renew(options);
  }

  get isSynced(): boolean {
    return this.#intake.isSynced;
  }

  /** Why it cannot be read at the moment. */
  get failure(): ReadFailure | undefined {
    return this.#intake.freshness.failure;
  }

  get subscribers(): number {
    return this.#followers.size;
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
    return this.#intake.freshness.state({ lineMs: this.#reader.lineMs() });
  }

  /** Tells readers of changes when the freshness has changed by the mere passing of time. */
  tick() {
    this.#intake.freshness.refresh();
    const told = appearance(this.state());
    if (told === this.#told) return;
    this.#told = told;
    this.#followers.refresh();
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
    return { items, resourceVersion: this.#intake.version ?? '' };
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
  hasReached(wanted: string): boolean {
    const { version } = this.#intake;
    return version !== undefined && compareVersions(version, wanted) >= 0;
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
    return this.#followers.changes(feed, options);
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
    return this.#followers.rowChanges(feed, options);
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
    return this.#followers.listen(listener);
  }

  /** Takes in an object that a write answered with. */
  put(object: KubernetesObject, writers?: readonly ManagedFieldsEntry[]) {
    this.#intake.put(object, writers);
  }

  /** Takes in that a write deleted an object. */
  remove(object: KubernetesObject) {
    this.#intake.remove(object);
  }

  status(): KindStatus {
    const { trueAt } = this.#intake.freshness;
    return {
      ...this.#options.kind,
      ...this.state(),
      ...this.#intake.counts,
      objects: this.#store.size,
      packedBytes: this.#store.packedBytes,
      subscribers: this.subscribers,
      lagMs: trueAt === undefined ? undefined : Date.now() - trueAt,
    };
  }

  get #store(): RowStore {
    return this.#intake.store;
  }

  /** A kind's columns may change with its definition: then all rows are made anew from their objects. */
  #showColumns(columns: readonly ColumnSource[]) {
    if (columns === this.#columns) return;
    const differ = JSON.stringify(columns) !== JSON.stringify(this.#columns);
    this.#columns = columns;
    if (!differ) return;
    this.#intake.rebuild();
    this.#followers.reset();
  }

  #start(): ListWatch {
    const { kind, timings, reader } = this.#options;
    const listWatch = new ListWatch({
      ...reader,
      kind,
      timings,
      sink: this.#intake.sink(),
      signal: this.#run.signal,
    });
    // Never fails; ends with its signal.
    void listWatch.run();
    return listWatch;
  }

  #wakeWaiting() {
    for (const wake of [...this.#waiting]) wake();
  }
}
