import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import { Body } from '../../cache/BodyStore';
import { createRow, TextPool } from '../../cache/Row';
import type { Row } from '../../cache/Row';
import type { RowListener } from '../../cache/RowListener';
import { keyOf } from '../../cache/RowStore';
import type { ViewSource } from '../../cache/views/ViewSource';

const pool = new TextPool();

/** The rows of one kind in one cluster, of which a test says what happens to them. */
export class MemoryPart implements ViewSource {
  isSynced = true;
  readonly #rows = new Map<string, Row>();
  readonly #listeners = new Set<RowListener>();
  readonly #failure: Error | undefined;
  /** Why it is not kept. */
  #dropped: Error | undefined;

  constructor(objects: Iterable<KubernetesObject>, failure?: Error) {
    for (const object of objects) this.#rows.set(keyOf(object), rowOf(object));
    this.#failure = failure;
  }

  state(): CacheState {
    const problem = this.#failure ?? this.#dropped;
    if (problem) return { state: 'syncing', message: problem.message };
    return { state: this.isSynced ? 'live' : 'syncing' };
  }

  *rows(query: {
    namespace?: string;
    ownerUids?: readonly string[];
  }): Iterable<Row> {
    const { namespace, ownerUids } = query;
    for (const row of this.#rows.values()) {
      const isOwned = row.parents.some(uid => ownerUids?.includes(uid));
      const isThere = !namespace || row.metadata.namespace === namespace;
      if (ownerUids ? isOwned : isThere) yield row;
    }
  }

  objectOf({ body }: Row): KubernetesObject {
    if (!body.object) throw new Error('It is not packed here');
    return body.object;
  }

  listen(listener: RowListener): () => void {
    this.#listeners.add(listener);
    if (this.#dropped) listener.close(this.#dropped);
    return () => this.#listeners.delete(listener);
  }

  set(object: KubernetesObject) {
    const before = this.#rows.get(keyOf(object));
    const row = rowOf(object);
    this.#rows.set(keyOf(object), row);
    for (const listener of this.#listeners) listener.changed(row, before);
  }

  unset(object: KubernetesObject) {
    const row = this.#rows.get(keyOf(object));
    if (!row) return;
    this.#rows.delete(keyOf(object));
    for (const listener of this.#listeners) listener.deleted(row);
  }

  /** Everything was forgotten, and is read anew. */
  lose() {
    this.isSynced = false;
    for (const listener of this.#listeners) listener.reset();
  }

  /** All of it has been read. */
  find(objects: readonly KubernetesObject[]) {
    this.isSynced = true;
    this.#rows.clear();
    for (const object of objects) this.#rows.set(keyOf(object), rowOf(object));
    for (const listener of this.#listeners) listener.reset();
  }

  /** It is let go of, as the cache does when it has no room for it. */
  drop(error: Error) {
    this.isSynced = false;
    this.#dropped = error;
    this.#rows.clear();
    for (const listener of this.#listeners) listener.close(error);
  }

  /** It is kept again, and read. */
  keep() {
    this.#dropped = undefined;
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

function rowOf(object: KubernetesObject): Row {
  return createRow(object, {
    build: () => ({ cells: [], health: { state: 'unknown' } }),
    pool,
    body: new Body(object),
  });
}
