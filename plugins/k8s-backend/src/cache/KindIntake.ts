/**
 * What is read of one kind in one cluster, and what is written there meanwhile, into rows. A list that is read again is gathered
 * beside the rows that are shown, and takes their place when it is complete.
 */
import type {
  KubernetesObject,
  ManagedFieldsEntry,
} from '@backstage-k8s/plugin-k8s-common';
import type { ChangeObserver } from '../history/ChangeObserver';
import { compareVersions } from '../resources/resourceVersion';
import { Freshness } from './Freshness';
import type { FreshnessOptions } from './Freshness';
import type { KindFollowers } from './KindFollowers';
import type { KindMemory } from './memory/rungsOf';
import type { ListWatchSink } from './ListWatch';
import type { ReadFailure } from './readFailure';
import type { Row } from './Row';
import { versionOf } from './RowStore';
import type { RowStore } from './RowStore';

// Evicting one by one would sort each time.
const EVICTION_SLACK = 1.1;
// Of one list; they are held until it is complete.
const MAX_NEWS = 3_000;

/** What taking in needs, and whom it tells. */
export interface KindIntakeOptions extends FreshnessOptions {
  newStore: () => RowStore;
  followers: KindFollowers;
  /** Keep only so many objects, the newest; absent: all. */
  maxObjects?: number;
  /** Told what was changed; absent: nobody wants to know. */
  observer?: ChangeObserver;
  /** A list is complete; told before followers begin anew. */
  onSynced: () => void;
  /** What somebody waits for may be there. */
  onProgress: () => void;
  /** A watch is open. */
  onWatching: () => void;
  onFailed: (failure: ReadFailure) => void;
}

interface Write {
  object: KubernetesObject;
  isGone: boolean;
}

/** Takes in what is read and written of one kind in one cluster. */
export class KindIntake {
  readonly counts = { lists: 0, resets: 0, errors: 0, garbage: 0, changes: 0 };
  readonly #options: KindIntakeOptions;
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
  /** When the list that arrives began, of `performance.now()`; undefined: none arrives. */
  #arrivingSince: number | undefined;

  constructor(options: KindIntakeOptions) {
    this.#options = options;
    this.#store = options.newStore();
    this.#freshness = new Freshness(options);
  }

  /** The rows to show. */
  get store(): RowStore {
    return this.#store;
  }

  get freshness(): Freshness {
    return this.#freshness;
  }

  /** What is known, is known up to this version; undefined before the first list. */
  get version(): string | undefined {
    return this.#version;
  }

  get isSynced(): boolean {
    return this.#freshness.isSynced;
  }

  /** Milliseconds that a list has been arriving of which there is something; 0 when there is none. */
  get arrivingMs(): number {
    const since = this.#arrivingSince;
    const isThere = this.#list && this.#list.store.size > 0;
    return isThere && since !== undefined ? performance.now() - since : 0;
  }

  /** What it takes, with a list that is read beside what is shown. */
  get memory(): KindMemory {
    const shown = this.#store.memory;
    const beside = this.#list?.store;
    if (!beside || beside === this.#store) return shown;
    const { bodies, rows } = beside.memory;
    return { bodies: shown.bodies + bodies, rows: shown.rows + rows };
  }

  /** Lets go of all objects; their rows stay. */
  dropObjects() {
    this.#store.dropObjects();
    this.#list?.store.dropObjects();
  }

  /** All of it is read once more, with objects; what there is stays until then. */
  rereading(message: string) {
    this.#store.keepsObjects = true;
    this.#list = undefined;
    this.#arrivingSince = undefined;
    this.#freshness.rereading(message);
  }

  /** Forgets everything. */
  restart() {
    this.#list = undefined;
    this.#arrivingSince = undefined;
    this.#store = this.#options.newStore();
    this.#freshness = new Freshness(this.#options);
    this.#version = undefined;
  }

  /** Makes all rows anew, since they are made otherwise now. Answers whether it could: that needs all their objects. */
  rebuild(): boolean {
    const before = this.#store;
    const beside = this.#list?.store;
    if (!before.isWhole || beside?.isWhole === false) return false;
    this.#store = this.#rebuilt(before);
    // The first list is what is shown; a later one is read beside it.
    if (this.#list && beside) {
      this.#list.store =
        beside === before ? this.#store : this.#rebuilt(beside);
    }
    return true;
  }

  /** Takes in an object that a write answered with. */
  put(object: KubernetesObject, writers?: readonly ManagedFieldsEntry[]) {
    this.#list?.writes.push({ object, isGone: false });
    if (!this.isSynced) return;
    if (!this.#isGone(object)) this.#changed(object, writers);
    this.#options.onProgress();
  }

  /** Takes in that a write deleted an object. */
  remove(object: KubernetesObject) {
    this.#list?.writes.push({ object, isGone: true });
    if (this.isSynced) this.#deleted(object);
  }

  /** Where what is read goes. */
  sink(): ListWatchSink {
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
        this.#options.onProgress();
      },
      knows: object =>
        this.#store.knows(object) || this.#options.maxObjects !== undefined,
      watching: () => {
        this.#freshness.watching();
        this.#options.onWatching();
      },
      failed: failure => {
        this.#arrivingSince = undefined;
        this.#freshness.failed(failure);
        this.counts.errors += 1;
        if (failure.type === 'garbage') this.counts.garbage += 1;
        this.#options.onFailed(failure);
      },
    };
  }

  #rebuilt(before: RowStore): RowStore {
    const store = this.#options.newStore();
    for (const row of before.select({})) store.put(before.objectOf(row));
    return store;
  }

  #listing() {
    this.#freshness.listing();
    // The first list is shown while it arrives; a later one replaces the old when it is complete.
    const store = this.#options.newStore();
    if (!this.isSynced) this.#store = store;
    this.#list = { store, writes: [], news: [] };
    this.#arrivingSince = performance.now();
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
    const before = known.get(namespace, name);
    if (this.#list.news.length >= MAX_NEWS) {
      observer.passOver();
      return;
    }
    this.#list.news.push(() =>
      this.#observe(object, {
        ...{ managedFields: writers, before, store: known, notBefore: trueAt },
      }),
    );
  }

  #observe(
    object: KubernetesObject,
    options: {
      managedFields: readonly ManagedFieldsEntry[] | undefined;
      before: Row | undefined;
      /** Where the object before is. */
      store: RowStore;
      notBefore?: number;
    },
  ) {
    const { observer } = this.#options;
    const { before, store, ...heard } = options;
    // Without the object before nobody can tell what differs.
    if (before && !before.body.isKept) observer?.passOver();
    else {
      observer?.changed({
        ...{ object, ...heard },
        before: before && (() => store.objectOf(before)),
      });
    }
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
    this.#arrivingSince = undefined;
    for (const tell of news) tell();
    for (const { object, isGone } of writes) {
      if (isGone) store.remove(object);
      else if (compareVersions(versionOf(object), version) > 0)
        store.put(object);
    }
    if (compareVersions(version, this.#version ?? version) < 0) {
      this.counts.resets += 1;
    }
    this.counts.lists += 1;
    this.#noteMissing(store);
    store.settle();
    this.#store = store;
    this.#version = version;
    this.#freshness.synced();
    this.#options.onSynced();
    this.#options.followers.reset();
    this.#options.onProgress();
  }

  /** Whether what a write answered with, late, is of an object that has been deleted since. */
  #isGone(object: KubernetesObject): boolean {
    // Of some only the newest are kept: what is not there may be elsewhere.
    if (this.#options.maxObjects !== undefined) return false;
    const { namespace, name = '' } = object.metadata;
    if (this.#version === undefined || this.#store.get(namespace, name)) {
      return false;
    }
    return compareVersions(versionOf(object), this.#version) < 0;
  }

  #changed(object: KubernetesObject, writers?: readonly ManagedFieldsEntry[]) {
    const store = this.#store;
    const kept = store.put(object);
    if (!kept) return;
    const { row, before } = kept;
    const { followers } = this.#options;
    this.#observe(object, { managedFields: writers, before, store });
    this.counts.changes += 1;
    followers.changed(row, before);
    for (const evicted of this.#evict(store)) followers.deleted(evicted);
  }

  #deleted(object: KubernetesObject) {
    const known = this.#store.remove(object);
    if (!known) return;
    const { observer, followers } = this.#options;
    observer?.deleted({ object: { metadata: known.metadata } });
    this.counts.changes += 1;
    followers.deleted(known);
  }

  #evict(store: RowStore): Row[] {
    const { maxObjects } = this.#options;
    if (maxObjects === undefined || store.size < maxObjects * EVICTION_SLACK) {
      return [];
    }
    return store.evict(maxObjects);
  }
}
