import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  AccessFilter,
  GetResult,
  ListResult,
  ObjectReference,
  Precondition,
  ReadOptions,
  ResourceChange,
  ResourceClient,
  ResourcePatch,
  ResourceQuery,
  RowChange,
  RowQuery,
  TableQuery,
  TableResult,
  ViewChange,
  ViewQuery,
  ViewResult,
  WriteOptions,
} from '@backstage-k8s/plugin-k8s-node';
import { allOfCriteria } from '../access/allOfCriteria';
import type { Narrowing } from './Narrowing';
import { objectNotFound } from './resourceReference';
import { watchWhileAllowed } from './watchWhileAllowed';

/** Milliseconds between two looks of a watch. */
const RECHECK_MS = 1_900;

/** Adds to the filter of reads; what is not shown is answered like what does not exist. */
export class NarrowedResourceClient implements ResourceClient {
  readonly #client: ResourceClient;
  readonly #narrowing: Narrowing;

  constructor(options: { client: ResourceClient; narrowing: Narrowing }) {
    this.#client = options.client;
    this.#narrowing = options.narrowing;
  }

  async get(
    reference: ObjectReference,
    options: ReadOptions,
  ): Promise<GetResult> {
    await this.#demand(reference, options);
    return this.#client.get(reference, options);
  }

  async list(query: ResourceQuery, options: ReadOptions): Promise<ListResult> {
    return this.#client.list(await this.#narrowed(query, options), options);
  }

  async table(query: TableQuery, options: ReadOptions): Promise<TableResult> {
    return this.#client.table(await this.#narrowed(query, options), options);
  }

  watch(
    query: ResourceQuery,
    options: ReadOptions,
  ): AsyncIterable<ResourceChange> {
    return this.#whileShown(options, {
      narrow: () => this.#narrowed(query, options),
      watch: (narrowed, within) => this.#client.watch(narrowed, within),
    });
  }

  watchRows(query: RowQuery, options: ReadOptions): AsyncIterable<RowChange> {
    return this.#whileShown(options, {
      narrow: () => this.#narrowed(query, options),
      watch: (narrowed, within) => this.#client.watchRows(narrowed, within),
    });
  }

  async view(query: ViewQuery, options: ReadOptions): Promise<ViewResult> {
    return this.#client.view(await this.#narrowedView(query, options), options);
  }

  watchView(query: ViewQuery, options: ReadOptions): AsyncIterable<ViewChange> {
    return this.#whileShown(options, {
      narrow: () => this.#narrowedView(query, options),
      watch: (narrowed, within) => this.#client.watchView(narrowed, within),
    });
  }

  async create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    await this.#demandForChange(reference, options);
    return this.#client.create(reference, object, options);
  }

  async apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject> {
    await this.#demandForChange(reference, options);
    return this.#client.apply(reference, object, options);
  }

  async patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject> {
    await this.#demandForChange(reference, options);
    return this.#client.patch(reference, patch, options);
  }

  async delete(
    reference: ObjectReference,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<void> {
    await this.#demandForChange(reference, options);
    await this.#client.delete(reference, options);
  }

  async #demandForChange(reference: ObjectReference, options: WriteOptions) {
    if (!this.#narrowing.hidesFromChanges) return;
    await this.#demand(reference, options);
  }

  /** @throws NotFoundError */
  async #demand(
    reference: ObjectReference,
    { context }: Pick<ReadOptions, 'context'>,
  ) {
    if (!(await this.#narrowing.applies(reference.cluster, context))) return;
    if (await this.#narrowing.shows(reference, context)) return;
    throw objectNotFound(reference);
  }

  #whileShown<Query, Change>(
    options: ReadOptions,
    reading: {
      narrow: () => Promise<Query>;
      watch: (query: Query, options: ReadOptions) => AsyncIterable<Change>;
    },
  ): AsyncIterable<Change> {
    const { context } = options;
    return watchWhileAllowed<Change, Query>({
      context,
      recheckMs: RECHECK_MS,
      filter: reading.narrow,
      watch: (narrowed, signal) =>
        reading.watch(narrowed, {
          ...options,
          context: { ...context, signal },
        }),
    });
  }

  async #narrowedView(
    query: ViewQuery,
    options: ReadOptions,
  ): Promise<ViewQuery> {
    const { context } = options;
    if (!(await this.#narrowing.applies(query.cluster, context))) return query;
    const parts = await Promise.all(
      Object.entries(query.parts).map(
        async ([name, part]) =>
          [
            name,
            { ...part, filter: await this.#filter(part, options) },
          ] as const,
      ),
    );
    return { ...query, parts: Object.fromEntries(parts) };
  }

  async #narrowed<Query extends ResourceQuery>(
    query: Query,
    options: ReadOptions,
  ): Promise<Query> {
    const applies = await this.#narrowing.applies(
      query.cluster,
      options.context,
    );
    if (!applies) return query;
    return { ...query, filter: await this.#filter(query, options) };
  }

  async #filter(
    query: ResourceQuery,
    { context }: ReadOptions,
  ): Promise<AccessFilter> {
    const criteria = await this.#narrowing.criteria(query, context);
    const { cluster } = query;
    const filter = query.filter ?? {
      cluster: { id: cluster, name: '', labels: {} },
      criteria: 'all',
    };
    return { ...filter, criteria: allOfCriteria([filter.criteria, criteria]) };
  }
}
