import type {
  KubernetesObject,
  ObjectMeta,
} from '@backstage-k8s/plugin-k8s-common';
import { parentsOf, subjectOf } from '../resources/matcherOf';
import type { RowBuilder, RowContent } from '../rows/createRowBuilder';
import type { Body } from './BodyStore';

/** What of an object's metadata a row keeps: what lists select, sort and show by. */
export type RowMetadata = Pick<
  ObjectMeta,
  | 'name'
  | 'namespace'
  | 'uid'
  | 'resourceVersion'
  | 'creationTimestamp'
  | 'deletionTimestamp'
  | 'labels'
  | 'ownerReferences'
>;

/** One version of an object in the cache; never changed, so that readers can hold it. */
export interface Row {
  readonly metadata: RowMetadata;
  readonly content: RowContent;
  readonly body: Body;
  /** UIDs that it is found by: its owners; of an Event, what it is about. */
  readonly parents: readonly string[];
  /** Of an Event: what it is about, as `Kind/name`. */
  readonly about?: string;
}

/** The row of an object. */
export function createRow(
  object: KubernetesObject,
  options: { build: RowBuilder; pool: TextPool; body: Body },
): Row {
  const { build, pool, body } = options;
  const about = subjectOf(object);
  return {
    metadata: rowMetadata(object.metadata, pool),
    content: build(object),
    body,
    parents: parentsOf(object),
    ...(about !== undefined && { about: pool.share(about) }),
  };
}

// Label values and the like: few different ones, each in thousands of objects.
const MAX_POOLED_TEXTS = 50_000;
const MAX_POOLED_LENGTH = 128;

/** Gives equal texts one place in memory. */
export class TextPool {
  readonly #texts = new Map<string, string>();

  share(text: string): string {
    if (text.length > MAX_POOLED_LENGTH) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= MAX_POOLED_TEXTS) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }
}

/** What a row keeps of metadata; unlike a name or uid, what many objects share is kept once. */
function rowMetadata(metadata: ObjectMeta, pool: TextPool): RowMetadata {
  const { labels, namespace } = metadata;
  return {
    name: metadata.name,
    namespace: namespace === undefined ? undefined : pool.share(namespace),
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    labels: labels && sharedValues(labels, pool),
    ownerReferences: metadata.ownerReferences?.map(
      ({ apiVersion, kind, name, uid, controller }) => ({
        apiVersion: pool.share(apiVersion),
        kind: pool.share(kind),
        name: pool.share(name),
        uid: pool.share(uid),
        controller,
      }),
    ),
  };
}

function sharedValues(
  labels: Record<string, string>,
  pool: TextPool,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [
      key,
      typeof value === 'string' ? pool.share(value) : value,
    ]),
  );
}
