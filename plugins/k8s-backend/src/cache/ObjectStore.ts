import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import {
  compareVersions,
  isOrderedVersion,
} from '../resources/resourceVersion';

// Deletions that are remembered so that a late answer does not bring the object back. Late means seconds, not thousands of
// deletions.
const REMEMBERED_DELETIONS = 10_000;

type Objects = Map<string, KubernetesObject>;

/** The key of an object within its kind. */
export function keyOf({ metadata }: KubernetesObject): string {
  return objectKey(metadata.namespace, metadata.name ?? '');
}

/** The key of an object within its kind; without namespace for cluster-scoped kinds. */
export function objectKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

/**
 * The objects of one kind in one cluster, with indexes by namespace and owner. An object never goes back to an older version,
 * and never comes back once it was deleted, in whatever order events and answers arrive.
 */
export class ObjectStore {
  readonly #objects: Objects = new Map();
  readonly #byNamespace = new Map<string, Objects>();
  readonly #byOwner = new Map<string, Objects>();
  readonly #deleted = new Set<string>();

  get size(): number {
    return this.#objects.size;
  }

  get(
    namespace: string | undefined,
    name: string,
  ): KubernetesObject | undefined {
    return this.#objects.get(objectKey(namespace, name));
  }

  /** Whether this very version, or a later fate of the object, is known already. */
  knows(object: KubernetesObject): boolean {
    if (this.#deleted.has(object.metadata.uid ?? '')) return true;
    const known = this.#objects.get(keyOf(object));
    return known !== undefined && !isNewer(object, known);
  }

  /** Keeps the object unless it is known already; answers whether it was kept. */
  put(object: KubernetesObject): boolean {
    if (this.knows(object)) return false;
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (before) this.#unlink(key, before);
    this.#objects.set(key, object);
    this.#link(key, object);
    return true;
  }

  /** Forgets a deleted object; answers with what was forgotten, undefined when another of its name is there by now. */
  remove(gone: KubernetesObject): KubernetesObject | undefined {
    const { uid } = gone.metadata;
    if (uid !== undefined) this.#rememberDeletion(uid);
    const key = keyOf(gone);
    const known = this.#objects.get(key);
    if (!known || known.metadata.uid !== uid) return undefined;
    this.#objects.delete(key);
    this.#unlink(key, known);
    return known;
  }

  /** The objects in a namespace, or of an owner, or all; in no order. */
  select(query: {
    namespace?: string;
    ownerUid?: string;
  }): Iterable<KubernetesObject> {
    if (query.ownerUid !== undefined) {
      return this.#byOwner.get(query.ownerUid)?.values() ?? [];
    }
    if (query.namespace !== undefined) {
      return this.#byNamespace.get(query.namespace)?.values() ?? [];
    }
    return this.#objects.values();
  }

  /** Takes out the oldest versions until so many are left; answers with what was taken out. */
  evict(keep: number): KubernetesObject[] {
    if (this.size <= keep) return [];
    const oldestFirst = [...this.#objects].sort(([, a], [, b]) =>
      compareVersions(versionOf(a), versionOf(b)),
    );
    const evicted = oldestFirst.slice(0, this.size - keep);
    for (const [key, object] of evicted) {
      this.#objects.delete(key);
      this.#unlink(key, object);
    }
    return evicted.map(([, object]) => object);
  }

  #rememberDeletion(uid: string) {
    this.#deleted.add(uid);
    if (this.#deleted.size <= REMEMBERED_DELETIONS) return;
    for (const oldest of this.#deleted) {
      this.#deleted.delete(oldest);
      break;
    }
  }

  #link(key: string, object: KubernetesObject) {
    for (const [index, value] of this.#places(object)) {
      const there = index.get(value);
      if (there) there.set(key, object);
      else index.set(value, new Map([[key, object]]));
    }
  }

  #unlink(key: string, object: KubernetesObject) {
    for (const [index, value] of this.#places(object)) {
      const there = index.get(value);
      there?.delete(key);
      if (there?.size === 0) index.delete(value);
    }
  }

  #places({ metadata }: KubernetesObject): [Map<string, Objects>, string][] {
    const places: [Map<string, Objects>, string][] = [];
    if (metadata.namespace !== undefined) {
      places.push([this.#byNamespace, metadata.namespace]);
    }
    for (const { uid } of metadata.ownerReferences ?? []) {
      places.push([this.#byOwner, uid]);
    }
    return places;
  }
}

/** The version of an object that came from an API server. */
export function versionOf({ metadata }: KubernetesObject): string {
  return metadata.resourceVersion ?? '0';
}

function isNewer(object: KubernetesObject, known: KubernetesObject): boolean {
  const version = versionOf(object);
  const knownVersion = versionOf(known);
  if (isOrderedVersion(version) && isOrderedVersion(knownVersion)) {
    return compareVersions(version, knownVersion) > 0;
  }
  return version !== knownVersion;
}
