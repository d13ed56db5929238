import type {
  KubernetesObject,
  ObjectMeta,
  ResourceHealth,
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

/** How a row is made. */
export interface RowOptions {
  build: RowBuilder;
  pool: TextPool;
  body: Body;
  /** A row that is probably much the same: what is equal in both is kept once. */
  like?: Row;
}

/** The row of an object. */
export function createRow(object: KubernetesObject, options: RowOptions): Row {
  const { build, pool, body, like } = options;
  const about = subjectOf(object);
  const parents = parentsOf(object).map(uid => pool.share(uid));
  return {
    metadata: rowMetadata(object.metadata, options),
    content: rowContent(build(object), options),
    body,
    parents: areEqual(parents, like?.parents) ? like.parents : parents,
    ...(about !== undefined && { about: pool.share(about) }),
  };
}

const OWNER_FIELDS = [
  ...(['apiVersion', 'kind', 'name', 'uid', 'controller'] as const),
];

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
function rowMetadata(
  metadata: ObjectMeta,
  { pool, like }: RowOptions,
): RowMetadata {
  const { namespace } = metadata;
  return {
    name: metadata.name,
    namespace: namespace === undefined ? undefined : pool.share(namespace),
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    labels: sharedLabels(metadata.labels, pool, like?.metadata.labels),
    ownerReferences: sharedOwners(
      metadata.ownerReferences,
      pool,
      like?.metadata.ownerReferences,
    ),
  };
}

function sharedLabels(
  labels: RowMetadata['labels'],
  pool: TextPool,
  known: RowMetadata['labels'],
): RowMetadata['labels'] {
  if (!labels) return undefined;
  const entries = Object.entries(labels);
  const isKnown =
    known &&
    entries.length === Object.keys(known).length &&
    entries.every(([key, value]) => known[key] === value);
  if (isKnown) return known;
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      typeof value === 'string' ? pool.share(value) : value,
    ]),
  );
}

function sharedOwners(
  owners: RowMetadata['ownerReferences'],
  pool: TextPool,
  known: RowMetadata['ownerReferences'],
): RowMetadata['ownerReferences'] {
  const isKnown =
    owners?.length === known?.length &&
    owners?.every((owner, index) =>
      OWNER_FIELDS.every(field => owner[field] === known?.[index][field]),
    );
  if (isKnown) return known;
  return owners?.map(({ apiVersion, kind, name, uid, controller }) => ({
    apiVersion: pool.share(apiVersion),
    kind: pool.share(kind),
    name: pool.share(name),
    uid: pool.share(uid),
    controller,
  }));
}

/** The same content in as little memory as it needs. */
function rowContent(content: RowContent, { like }: RowOptions): RowContent {
  const known = like?.content;
  const { cells, search, imagesLength } = content;
  return {
    health: sharedHealth(content.health, known?.health),
    cells: cells.map((cell, index) => {
      if (!Array.isArray(cell)) return cell;
      const knownCell = known?.cells[index];
      // What an array has in reserve for more elements is left behind by a copy.
      return Array.isArray(knownCell) && areEqual(cell, knownCell)
        ? knownCell
        : cell.slice();
    }),
    // Not spread: fields that are added later are kept in an array of their own.
    search,
    imagesLength,
  };
}

function sharedHealth(
  health: ResourceHealth,
  known: ResourceHealth | undefined,
): ResourceHealth {
  const isKnown =
    known &&
    health.state === known.state &&
    health.word === known.word &&
    health.reason === known.reason;
  return isKnown ? known : health;
}

function areEqual(
  one: readonly string[],
  other: readonly string[] | undefined,
): other is readonly string[] {
  return (
    one.length === other?.length &&
    one.every((text, index) => text === other[index])
  );
}
