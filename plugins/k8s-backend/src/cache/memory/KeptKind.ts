import type { ServiceUnavailableError } from '@backstage/errors';
import type { ResourceKind } from '@backstage-k8s/plugin-k8s-node';
import type { CacheTimings } from '../CacheTimings';
import type { KindFollowers } from '../KindFollowers';
import { KindKeeping } from './KindKeeping';
import type { KeptOfKind } from './KindKeeping';
import type { DroppableKind, KindMemory } from './rungsOf';

/** What is read of a kind: how large it is, and how it goes and comes back. */
export interface KeptRows {
  memory(): KindMemory;
  /** Whether all of the kind has been read. */
  isComplete(): boolean;
  /** Lets go of the objects; rows stay. */
  dropObjects(): void;
  /** Lets go of everything and ends reading; whoever follows the kind gets the error. */
  drop(error: Error): void;
  /** Begins to read again, since there is nothing. */
  readAgain(): void;
  /** Begins to read again, now with objects; the rows that there are stay until then. */
  readObjects(): void;
}

/** One kind in one cluster, as something that is let go of when nobody reads it or there is no room, and comes back for who does. */
export class KeptKind implements DroppableKind {
  readonly isCritical: boolean;
  readonly #kind: ResourceKind;
  readonly #followers: KindFollowers;
  readonly #rows: KeptRows;
  readonly #keeping: KindKeeping;
  #lastUsed = Date.now();
  #objectsLastRead = Date.now();

  constructor(options: {
    kind: ResourceKind;
    followers: KindFollowers;
    rows: KeptRows;
    timings: CacheTimings;
    /** Pages of everything else need it. */
    isCritical: boolean;
    /** Whether so many bytes more may be taken in. */
    hasRoom: (bytes: number) => boolean;
  }) {
    this.isCritical = options.isCritical;
    this.#kind = options.kind;
    this.#followers = options.followers;
    this.#rows = options.rows;
    this.#keeping = new KindKeeping(options);
  }

  get keeps(): KeptOfKind {
    return this.#keeping.keeps;
  }

  get memory(): KindMemory {
    return this.#rows.memory();
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

  /** Somebody reads it. */
  touch() {
    this.#lastUsed = Date.now();
  }

  /** Somebody reads whole objects of it. */
  touchObjects() {
    this.#objectsLastRead = Date.now();
  }

  /** Whether nobody has asked for it for so long. */
  isIdle(idleMs: number): boolean {
    return !this.isFollowed && Date.now() - this.#lastUsed > idleMs;
  }

  dropBodies() {
    const isComplete = this.#rows.isComplete();
    this.#keeping.bodiesDropped(this.memory, { isComplete });
    this.#rows.dropObjects();
  }

  drop() {
    const isComplete = this.#rows.isComplete();
    this.#keeping.dropped(this.memory, { isComplete });
    this.#rows.drop(this.error());
  }

  /** Somebody is about to read it: answers whether it is there for that, which it is again when it was let go of and there is room. */
  regain(): boolean {
    if (this.keeps !== 'nothing') return true;
    if (!this.#keeping.regain()) return false;
    this.#rows.readAgain();
    return true;
  }

  /**
   * Somebody wants whole objects: answers whether they are kept, which they are again when there is room.
   *
   * @param options - `isUrgent`: cannot be read in another way
   */
  regainObjects(options: { isUrgent: boolean }): boolean {
    if (this.keeps !== 'rows') return this.keeps === 'objects';
    if (!this.#keeping.regainObjects(options)) return false;
    this.#rows.readObjects();
    return true;
  }

  /** Why nobody can follow what is not kept. */
  error(): ServiceUnavailableError {
    return this.#keeping.error(this.#kind);
  }
}
