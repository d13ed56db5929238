import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import {
  compareVersions,
  isOrderedVersion,
} from '../resources/resourceVersion';
import type { RowBuilder } from '../rows/createRowBuilder';
import { Body, BodyStore } from './BodyStore';
import { rowBytes } from './memory/sizes';
import type { KindMemory } from './memory/rungsOf';
import { createRow, TextPool } from './Row';
import type { Row } from './Row';
import { RowIndexes } from './RowIndexes';
import type { RowSelection } from './RowIndexes';

// Deletions that are remembered so that a late answer does not bring the object back. Late means seconds, not thousands of
// deletions.
const REMEMBERED_DELETIONS = 10_000;

/** What says which object, in which version, something is. */
export type Versioned = Pick<KubernetesObject, 'metadata'>;

/** The key of an object within its kind. */
export function keyOf({ metadata }: Versioned): string {
  return objectKey(metadata.namespace, metadata.name ?? '');
}

/** The key of an object within its kind; without namespace for cluster-scoped kinds. */
export function objectKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

/**
 * The objects of one kind in one cluster, as rows with packed bodies, with indexes. An object never
 * goes back to an older version, and never comes back once it was deleted, in whatever order events and answers arrive.
 */
export class RowStore {
  readonly #rows = new Map<string, Row>();
  readonly #indexes = new RowIndexes();
  readonly #deleted = new Set<string>();
  readonly #bodies = new BodyStore();
  readonly #pool: TextPool;
  readonly #build: RowBuilder;
  #revision = 0;
  /** Rows without an object. */
  #bare = 0;
  #rowBytes = 0;
  /** Whether the objects of rows that are put from now on are kept. */
  keepsObjects: boolean;

  /** @param options - `keepsObjects`: default true */
  constructor(options: {
    build: RowBuilder;
    pool?: TextPool;
    keepsObjects?: boolean;
  }) {
    this.#build = options.build;
    this.#pool = options.pool ?? new TextPool();
    this.keepsObjects = options.keepsObjects ?? true;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Differs when any row does. */
  get revision(): number {
    return this.#revision;
  }

  /** Bytes of packed bodies. */
  get packedBytes(): number {
    return this.#bodies.packedBytes;
  }

  /** What it takes, about. */
  get memory(): KindMemory {
    const rows = this.#rowBytes + this.#indexes.bytes;
    return { bodies: this.#bodies.bytes, rows };
  }

  /** Whether the object of each row can be read. */
  get isWhole(): boolean {
    return this.#bare === 0;
  }

  /** Lets go of all objects, and keeps none from now on; rows stay. */
  dropObjects() {
    this.keepsObjects = false;
    this.#bare = this.#rows.size;
    this.#bodies.clear();
  }

  get(namespace: string | undefined, name: string): Row | undefined {
    return this.#rows.get(objectKey(namespace, name));
  }

  /** The whole object of a row; it is shared, and nobody changes it. @throws when it is not kept */
  objectOf({ body }: Row): KubernetesObject {
    return this.#bodies.read(body);
  }

  /** Whether this very version, or a later fate of the object, is known already. */
  knows(object: Versioned): boolean {
    if (this.#deleted.has(object.metadata.uid ?? '')) return true;
    const known = this.#rows.get(keyOf(object));
    return known !== undefined && !isNewer(object, known);
  }

  /** Keeps the object unless it is known already; answers its row, and that of before, when it was kept. */
  put(object: KubernetesObject): { row: Row; before?: Row } | undefined {
    if (this.knows(object)) return undefined;
    const key = keyOf(object);
    const before = this.#rows.get(key);
    if (before) this.#forget(before);
    const row = createRow(object, {
      build: this.#build,
      pool: this.#pool,
      like: before ?? this.#indexes.sibling(object),
      body: this.keepsObjects ? this.#bodies.add(object) : new Body(),
    });
    this.#rows.set(key, row);
    this.#rowBytes += rowBytes(row);
    if (!row.body.isKept) this.#bare += 1;
    this.#revision += 1;
    this.#indexes.add(row);
    return { row, before };
  }

  /** Forgets a deleted object; answers with what was forgotten, undefined when another of its name is there by now. */
  remove(gone: Versioned): Row | undefined {
    const { uid } = gone.metadata;
    if (uid !== undefined) this.#rememberDeletion(uid);
    const key = keyOf(gone);
    const known = this.#rows.get(key);
    if (!known || known.metadata.uid !== uid) return undefined;
    this.#rows.delete(key);
    this.#revision += 1;
    this.#forget(known);
    return known;
  }

  /** Rows among which those of the query are, each once, in no order: as few as can be told without looking at all of them. */
  select(query: RowSelection): Iterable<Row> {
    const { namespace, name } = query;
    if (namespace === undefined || name === undefined) {
      return this.#indexes.select(this.#rows, query);
    }
    const row = this.get(namespace, name);
    return row ? [row] : [];
  }

  /** A list is complete. */
  settle() {
    this.#bodies.settle();
  }

  /** Lets go of what nobody has used for minutes and can be made again. */
  tidy() {
    this.#indexes.tidy();
    this.#bodies.rest();
  }

  /** Takes out the oldest versions until so many are left; answers with what was taken out. */
  evict(keep: number): Row[] {
    if (this.size <= keep) return [];
    const oldestFirst = [...this.#rows].sort(([, a], [, b]) =>
      compareVersions(versionOf(a), versionOf(b)),
    );
    const evicted = oldestFirst.slice(0, this.size - keep);
    this.#revision += 1;
    for (const [key, row] of evicted) {
      this.#rows.delete(key);
      this.#forget(row);
    }
    return evicted.map(([, row]) => row);
  }

  #rememberDeletion(uid: string) {
    this.#deleted.add(uid);
    if (this.#deleted.size <= REMEMBERED_DELETIONS) return;
    for (const oldest of this.#deleted) {
      this.#deleted.delete(oldest);
      break;
    }
  }

  #forget(row: Row) {
    if (!row.body.isKept) this.#bare -= 1;
    this.#bodies.remove(row.body);
    this.#rowBytes -= rowBytes(row);
    this.#indexes.remove(row);
  }
}

/** The version of an object that came from an API server. */
export function versionOf({ metadata }: Versioned): string {
  return metadata.resourceVersion ?? '0';
}

function isNewer(object: Versioned, known: Versioned): boolean {
  const version = versionOf(object);
  const knownVersion = versionOf(known);
  if (isOrderedVersion(version) && isOrderedVersion(knownVersion)) {
    return compareVersions(version, knownVersion) > 0;
  }
  return version !== knownVersion;
}
