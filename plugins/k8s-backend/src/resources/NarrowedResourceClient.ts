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
  WriteOptions,
} from '@backstage-k8s/plugin-k8s-node';
import { allOfCriteria } from '../access/allOfCriteria';
import type { Narrowing } from './Narrowing';
import { objectNotFound } from './resourceReference';
import { watchWhileAllowed } from './watchWhileAllowed';

/** Milliseconds between two looks of a watch. */
const RECHECK_MS = 2_000;

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
    return this.#whileShown(query, options, (narrowed, within) =>
      this.#client.watch(narrowed, within),
    );
  }

  watchRows(query: RowQuery, options: ReadOptions): AsyncIterable<RowChange> {
    return this.#whileShown(query, options, (narrowed, within) =>
      this.#client.watchRows(narrowed, within),
    );
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

  async *#whileShown<Query extends ResourceQuery, Change>(
    query: Query,
    options: ReadOptions,
    watch: (query: Query, options: ReadOptions) => AsyncIterable<Change>,
  ): AsyncIterable<Change> {
    const { context } = options;
    if (!(await this.#narrowing.applies(query.cluster, context))) {
      yield* watch(query, options);
      return;
    }
    yield* watchWhileAllowed({
      context,
      recheckMs: RECHECK_MS,
      filter: () => this.#filter(query, options),
      watch: (filter, signal) =>
        watch(
          { ...query, filter },
          { ...options, context: { ...context, signal } },
        ),
    });
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
