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
import { ServiceUnavailableError } from '@backstage/errors';
import { checkCount } from '../resources/checkCount';
import { matcherOf } from '../resources/matcherOf';
import { compareVersions } from '../resources/resourceVersion';
import { createRowBuilder } from '../rows/createRowBuilder';
import type { KindStatus } from './CacheStatus';
import { appearance } from './ChangeFeed';
import type { FreshnessOptions } from './Freshness';
import { KindFollowers } from './KindFollowers';
import { KindFollowing } from './KindFollowing';
import { KindIntake } from './KindIntake';
import { ListWatch } from './ListWatch';
import type { ListWatchOptions } from './ListWatch';
import { KindKeeping } from './memory/KindKeeping';
import type { KeptOfKind } from './memory/KindKeeping';
import type { DroppableKind, KindMemory } from './memory/rungsOf';
import { PageMemory } from './PageMemory';
import type { ReadFailure } from './readFailure';
import type { Row } from './Row';
import { RowStore, versionOf } from './RowStore';
import { selectPage } from './selectPage';
import type { ViewSource } from './views/ViewSource';

/** What a kind needs from its cluster. */
export interface KindCacheOptions extends FreshnessOptions {
  kind: ResourceKind;
  reader: Pick<ListWatchOptions, 'connect' | 'reachable' | 'slot'>;
  /** Told of every failure. */
  onFailure: (failure: ReadFailure) => void;
  /** Keep only so many objects, the newest; absent: all. */
  maxObjects?: number;
  /** Pages of everything else need it. */
  isCritical: boolean;
  /** Whether so many bytes more may be taken in. */
  hasRoom: (bytes: number) => boolean;
  /** Told what was changed; absent: nobody wants to know. */
  observer?: ChangeObserver;
}

/** The objects of one kind in one cluster, kept up to date while it runs. */
export class KindCache implements DroppableKind {
  readonly #options: KindCacheOptions;
  readonly #followers = new KindFollowers({ onLeft: () => this.touch() });
  readonly #following = new KindFollowing({
    followers: this.#followers,
    state: () => this.state(),
    store: () => this.#store,
    isSynced: () => this.isSynced,
    objectOf: row => this.#objectOf(row),
    rowsProblem: () => this.#notKeptUnless(this.keeps !== 'nothing'),
    objectsProblem: () =>
      this.#notKeptUnless(
        this.regain() && this.#regainObjects({ isUrgent: true }),
      ),
  });
  readonly #waiting = new Set<() => void>();
  readonly #pages = new PageMemory();
  readonly #intake: KindIntake;
  readonly #keeping: KindKeeping;
  #columns: readonly ColumnSource[];
  #lastUsed = Date.now();
  #objectsLastRead = Date.now();
  #told = 'syncing';
  #run = new AbortController();
  #reader: ListWatch;

  constructor(options: KindCacheOptions) {
    this.#options = options;
    this.#columns = columnsOf(options.kind) ?? [];
    this.#keeping = new KindKeeping(options);
    this.#intake = new KindIntake({
      ...options,
      newStore: () =>
        new RowStore({
          build: createRowBuilder(options.kind, this.#columns),
          keepsObjects: this.keeps === 'objects',
        }),
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
    if (this.keeps === 'nothing') return;
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

  get keeps(): KeptOfKind {
    return this.#keeping.keeps;
  }

  get memory(): KindMemory {
    const { bodies, rows } = this.#intake.memory;
    return { bodies, rows: rows + this.#pages.bytes };
  }

  get isCritical(): boolean {
    return this.#options.isCritical;
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  get areObjectsFollowed(): boolean {
    return this.#followers.readObjects;
  }

  get lastUsed(): number {
    return this.#lastUsed;
  }

  get objectsLastRead(): number {
    return this.#objectsLastRead;
  }

  dropBodies() {
    const isComplete = this.isSynced;
    this.#keeping.bodiesDropped(this.memory, { isComplete });
    this.#intake.dropObjects();
  }

  drop() {
    const isComplete = this.isSynced;
    this.#keeping.dropped(this.memory, { isComplete });
    this.#run.abort();
    this.#intake.restart();
    this.#pages.clear();
    this.#followers.close(this.notKept());
    this.#wakeWaiting();
  }

  /** Somebody is about to read it: answers whether it is there for that, which it is again when it was let go of and there is room. */
  regain(): boolean {
    if (this.keeps !== 'nothing') return true;
    if (!this.#keeping.regain()) return false;
    this.restart();
    return true;
  }

  /** Why nobody can follow what is not kept. */
  notKept(): ServiceUnavailableError {
    return this.#keeping.error(this.#options.kind);
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
    if (this.keeps === 'nothing') {
      return { state: 'syncing', message: this.notKept().message };
    }
    return this.#intake.freshness.state({ lineMs: this.#reader.lineMs() });
  }

  /** Tells readers of changes when the freshness has changed by the mere passing of time. */
  tick() {
    this.#intake.freshness.refresh();
    this.#store.tidy();
    const told = appearance(this.state());
    if (told === this.#told) return;
    this.#told = told;
    this.#followers.refresh();
  }

  /** Undefined also when it is there and only its row is kept. */
  get(
    namespace: string | undefined,
    name: string,
  ): KubernetesObject | undefined {
    this.touch();
    const row = this.#store.get(namespace, name);
    return row && this.#objectsOf([row])?.[0];
  }

  /** The version of an object that is known; undefined: it is not there. */
  versionOf(namespace: string | undefined, name: string): string | undefined {
    const row = this.#store.get(namespace, name);
    return row && versionOf(row);
  }

  /**
   * The objects of a query, and the version that they are known up to; undefined: not all of them are kept.
   *
   * @throws ContentTooLargeError, InputError
   */
  list(
    query: ResourceQuery,
  ): { items: KubernetesObject[]; resourceVersion: string } | undefined {
    this.touch();
    if (this.keeps === 'nothing') return undefined;
    const rows = [...this.#store.select(query)].filter(matcherOf(query));
    checkCount(query, rows.length);
    const items = this.#objectsOf(rows);
    return items && { items, resourceVersion: this.#intake.version ?? '' };
  }

  /** One page of rows; undefined: they are not kept. @throws InputError */
  table(query: TableQuery): Omit<TableResult, 'cache'> | undefined {
    // Who looks through everything that is there is no reader of this kind.
    if (!query.find?.onlyCached) this.touch();
    if (this.keeps === 'nothing') return undefined;
    if (!this.#showColumns(query.columns)) return undefined;
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
    return this.#following.watch(query, options);
  }

  /** What happens to the rows of a query, until the signal is aborted. @throws InputError */
  watchRows(
    query: RowQuery,
    options: { signal: AbortSignal },
  ): AsyncGenerator<RowChange> {
    this.#showColumns(query.columns);
    return this.#following.watchRows(query, options);
  }

  /** For a view. */
  viewSource(): ViewSource {
    return this.#following.viewSource();
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
      memoryBytes: this.memory.bodies + this.memory.rows,
      keeps: this.keeps,
      subscribers: this.subscribers,
      lagMs: trueAt === undefined ? undefined : Date.now() - trueAt,
    };
  }

  #notKeptUnless(isKept: boolean): Error | undefined {
    return isKept ? undefined : this.notKept();
  }

  get #store(): RowStore {
    return this.#intake.store;
  }

  /** Undefined: not all of them are kept. */
  #objectsOf(rows: readonly Row[]): KubernetesObject[] | undefined {
    this.#objectsLastRead = Date.now();
    if (rows.every(({ body }) => body.isKept)) {
      return rows.map(row => this.#store.objectOf(row));
    }
    this.#regainObjects({ isUrgent: false });
    return undefined;
  }

  /** @throws ServiceUnavailableError when it was let go of meanwhile */
  #objectOf(row: Row): KubernetesObject {
    this.#objectsLastRead = Date.now();
    if (!row.body.isKept) throw this.notKept();
    return this.#store.objectOf(row);
  }

  #regainObjects(options: { isUrgent: boolean }): boolean {
    if (this.keeps !== 'rows') return this.keeps === 'objects';
    if (!this.#keeping.regainObjects(options)) return false;
    // A list that arrives at the moment may have brought rows without objects already.
    this.#run.abort();
    this.#intake.rereading('It is read again, to have its objects');
    this.#run = new AbortController();
    this.#reader = this.#start();
    return true;
  }

  /**
   * A kind's columns may change with its definition: then all rows are made anew from their objects. Answers whether there are
   * rows to show: without objects they have to be read anew.
   */
  #showColumns(columns: readonly ColumnSource[]): boolean {
    if (columns === this.#columns) return true;
    const differ = JSON.stringify(columns) !== JSON.stringify(this.#columns);
    this.#columns = columns;
    if (!differ) return true;
    const isRebuilt = this.#intake.rebuild();
    if (isRebuilt) this.#followers.reset();
    else this.restart();
    return isRebuilt;
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
