import { NotFoundError } from '@backstage/errors';
import type {
  KindDescription,
  KubernetesObject,
  ResourceRow,
} from '@backstage-k8s/plugin-k8s-common';
import { unpackRows } from '@backstage-k8s/plugin-k8s-node';
import type {
  ObjectReference,
  RequestContext,
  ResourceReader,
  TableQuery,
} from '@backstage-k8s/plugin-k8s-node';
import { ContentTooLargeError } from '../errors/statusErrors';
import { isNotToBeSeen } from '../workloads/listOptional';
import { within } from '../workloads/within';
import { typeNameOf } from './Relation';

/** Rows of one question at most. */
export const MAX_ROWS = 20;
/** Objects that are looked through one by one for what they point to, at most; each has to be unpacked. */
const MAX_SCANNED = 1_000;

/** Where an object is. */
export interface Place {
  kind: KindDescription;
  /** Absent: cluster-scoped. */
  namespace?: string;
  name: string;
}

/** Which rows of a kind; see {@link TableQuery}. */
export type RowWish = Pick<
  TableQuery,
  'namespace' | 'labelSelector' | 'fieldSelector' | 'ownerUids'
>;

/** What a reader works with. */
export interface GraphReaderOptions {
  resources: ResourceReader;
  /** Cluster id. */
  cluster: string;
  context: RequestContext;
  /** Whether the caller may read what is there, be there something or not. */
  mayRead: (reference: ObjectReference) => Promise<boolean>;
  /** Milliseconds that one question may take. */
  waitMs: number;
}

/**
 * Reads for one graph. What cannot be read is left out: a kind that does not answer, or may not be read, is asked once and then no
 * more.
 */
export class GraphReader {
  readonly #options: GraphReaderOptions;
  readonly #silent = new Set<string>();
  readonly #scans = new Map<string, Promise<readonly KubernetesObject[]>>();
  #isPartial = false;

  constructor(options: GraphReaderOptions) {
    this.#options = options;
  }

  /** Whether something was left out that may be there. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  /** Undefined: not to be told of. `missing`: the caller may see it, but it is not there. */
  async get(place: Place): Promise<KubernetesObject | 'missing' | undefined> {
    const { resources, mayRead } = this.#options;
    const reference = this.#referenceOf(place);
    return this.#ask(place.kind, async context => {
      try {
        return (await resources.get(reference, { context })).object;
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
        return (await mayRead(reference)) ? 'missing' : undefined;
      }
    });
  }

  /** The first rows, by their names. */
  async rows(kind: KindDescription, wish: RowWish): Promise<ResourceRow[]> {
    const { resources, cluster } = this.#options;
    const { group, version, plural, columns } = kind;
    const query = { ...wish, cluster, group, version, plural, columns };
    const table = await this.#ask(kind, context =>
      resources.table({ ...query, limit: MAX_ROWS }, { context }),
    );
    if (table?.hasMore) this.#isPartial = true;
    return table ? unpackRows(table.rows) : [];
  }

  /** All objects of a kind, in a namespace or everywhere; none where there are too many to look through. */
  scan(
    kind: KindDescription,
    namespace: string | undefined,
  ): Promise<readonly KubernetesObject[]> {
    const key = `${typeNameOf(kind)} ${namespace ?? ''}`;
    const known = this.#scans.get(key);
    if (known) return known;
    const scan = this.#scan(kind, namespace);
    this.#scans.set(key, scan);
    return scan;
  }

  async #scan(
    kind: KindDescription,
    namespace: string | undefined,
  ): Promise<readonly KubernetesObject[]> {
    const { resources, cluster } = this.#options;
    const { group, version, plural } = kind;
    const query = { cluster, group, version, plural, namespace };
    const list = await this.#ask(kind, async context => {
      try {
        return await resources.list(
          { ...query, maxItems: MAX_SCANNED },
          { context },
        );
      } catch (error) {
        if (!(error instanceof ContentTooLargeError)) throw error;
        // Of one namespace there may be few enough.
        this.#isPartial = true;
        return undefined;
      }
    });
    return [...(list?.items ?? [])].sort(byName);
  }

  #referenceOf({ kind, namespace, name }: Place): ObjectReference {
    const { group, version, plural } = kind;
    const { cluster } = this.#options;
    return { cluster, group, version, plural, namespace, name };
  }

  /** @throws when the caller went away */
  async #ask<T>(
    kind: KindDescription,
    work: (context: RequestContext) => Promise<T>,
  ): Promise<T | undefined> {
    const { context, waitMs } = this.#options;
    const key = typeNameOf(kind);
    if (this.#silent.has(key)) return undefined;
    const asked = new AbortController();
    const signal = AbortSignal.any([context.signal, asked.signal]);
    try {
      const told = await within(
        work({ ...context, signal }).then(value => ({ value })),
        waitMs,
      );
      if (told) return told.value;
      this.#isPartial = true;
    } catch (error) {
      context.signal.throwIfAborted();
      if (!isNotToBeSeen(error)) this.#isPartial = true;
    } finally {
      asked.abort();
    }
    this.#silent.add(key);
    return undefined;
  }
}

function byName(one: KubernetesObject, other: KubernetesObject): number {
  const [a, b] = [one, other].map(
    ({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`,
  );
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
