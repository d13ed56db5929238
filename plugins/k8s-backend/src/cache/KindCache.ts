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
} from '@backstage-k8s/plugin-k8s-node';
import type { ChangeObserver } from '../history/ChangeObserver';
import { createRowBuilder } from '../rows/createRowBuilder';
import type { KindStatus } from './CacheStatus';
import { appearance } from './ChangeFeed';
import type { FreshnessOptions } from './Freshness';
import { KindAnswers } from './KindAnswers';
import { KindFollowers } from './KindFollowers';
import { KindFollowing } from './KindFollowing';
import { KindIntake } from './KindIntake';
import { KindReading } from './KindReading';
import type { ListWatchOptions } from './ListWatch';
import { KeptKind } from './memory/KeptKind';
import type { KindMemory } from './memory/rungsOf';
import { PageMemory } from './PageMemory';
import { Progress } from './Progress';
import type { ReadFailure } from './readFailure';
import { RowStore } from './RowStore';
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
export class KindCache {
  /** Of it, what is let go of and comes back. */
  readonly kept: KeptKind;
  readonly answers: KindAnswers;
  readonly #options: KindCacheOptions;
  readonly #followers = new KindFollowers({ onLeft: () => this.kept.touch() });
  readonly #following = new KindFollowing({
    followers: this.#followers,
    state: () => this.state(),
    store: () => this.#store,
    isSynced: () => this.isSynced,
    objectOf: row => this.answers.objectOf(row),
    rowsProblem: () => this.#notKeptUnless(this.kept.keeps !== 'nothing'),
    objectsProblem: () =>
      this.#notKeptUnless(
        this.kept.regain() && this.kept.regainObjects({ isUrgent: true }),
      ),
  });
  readonly #progress = new Progress();
  readonly #pages = new PageMemory();
  readonly #intake: KindIntake;
  readonly #reading: KindReading;
  #columns: readonly ColumnSource[];
  #told = 'syncing';

  constructor(options: KindCacheOptions) {
    this.#options = options;
    this.#columns = columnsOf(options.kind) ?? [];
    this.kept = new KeptKind({
      ...options,
      followers: this.#followers,
      rows: {
        memory: () => this.#memory,
        isComplete: () => this.isSynced,
        dropObjects: () => this.#intake.dropObjects(),
        drop: error => this.#drop(error),
        readAgain: () => this.restart(),
        readObjects: () => this.#readObjects(),
      },
    });
    this.answers = new KindAnswers({
      kept: this.kept,
      pages: this.#pages,
      store: () => this.#store,
      version: () => this.#intake.version,
      showColumns: columns => this.#showColumns(columns),
    });
    this.#intake = new KindIntake({
      ...options,
      newStore: () =>
        new RowStore({
          build: createRowBuilder(options.kind, this.#columns),
          keepsObjects: this.kept.keeps === 'objects',
        }),
      followers: this.#followers,
      onSynced: () => {
        this.#told = appearance(this.state());
      },
      onProgress: () => this.#progress.made(),
      onWatching: () => this.tick(),
      onFailed: failure => {
        options.onFailure(failure);
        this.tick();
        this.#progress.made();
      },
    });
    const { kind, timings, reader } = options;
    const sink = () => this.#intake.sink();
    this.#reading = new KindReading({ ...reader, kind, timings, sink });
  }

  /** Forgets everything and begins again. */
  restart() {
    this.#reading.end();
    this.#intake.restart();
    if (this.kept.keeps === 'nothing') return;
    this.#reading.begin();
    this.#told = 'syncing';
    this.#followers.reset();
  }

  /** Ends it; readers of changes get the error thrown. */
  stop(error: Error) {
    this.#reading.end();
    this.#followers.close(error);
    this.#progress.made();
  }

  /** Opens the watch anew; with `relist` reads the list again. */
  renew(options: { relist: boolean }) {
    this.#intake.freshness.renewing();
    this.#reading.renew(options);
  }

  get isSynced(): boolean {
    return this.#intake.isSynced;
  }

  /** Milliseconds that a list has been arriving of which there is something; 0 when there is none. */
  get arrivingMs(): number {
    return this.#intake.arrivingMs;
  }

  /** Why it cannot be read at the moment. */
  get failure(): ReadFailure | undefined {
    return this.#intake.freshness.failure;
  }

  /** How fresh the objects are. */
  state(): CacheState {
    if (this.kept.keeps === 'nothing') {
      return { state: 'syncing', message: this.kept.error().message };
    }
    return this.#intake.freshness.state({ lineMs: this.#reading.lineMs() });
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

  /** Waits until the condition holds, it stops, or the signal is aborted; answers whether it holds. */
  until(
    condition: () => boolean,
    { signal }: { signal: AbortSignal },
  ): Promise<boolean> {
    const isOver = () => this.#reading.isEnded;
    return this.#progress.until(condition, { signal, isOver });
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
    const { bodies, rows } = this.#memory;
    return {
      ...this.#options.kind,
      ...this.state(),
      ...this.#intake.counts,
      objects: this.#store.size,
      packedBytes: this.#store.packedBytes,
      memoryBytes: bodies + rows,
      keeps: this.kept.keeps,
      subscribers: this.#followers.size,
      lagMs: trueAt === undefined ? undefined : Date.now() - trueAt,
    };
  }

  #notKeptUnless(isKept: boolean): Error | undefined {
    return isKept ? undefined : this.kept.error();
  }

  /** Bytes. */
  get #memory(): KindMemory {
    const { bodies, rows } = this.#intake.memory;
    return { bodies, rows: rows + this.#pages.bytes };
  }

  get #store(): RowStore {
    return this.#intake.store;
  }

  #drop(error: Error) {
    this.#reading.end();
    this.#intake.restart();
    this.#pages.clear();
    this.#followers.close(error);
    this.#progress.made();
  }

  #readObjects() {
    // A list that arrives at the moment may have brought rows without objects already.
    this.#reading.end();
    this.#intake.rereading('It is read again, to have its objects');
    this.#reading.begin();
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
}
