import type {
  KubernetesObject,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  AccessFilter,
  GetResult,
  ListResult,
  ObjectReference,
  Precondition,
  ReadOptions,
  RequestContext,
  ResourceChange,
  ResourceClient,
  ResourceKind,
  ResourcePatch,
  ResourceQuery,
  RowChange,
  RowQuery,
  TableQuery,
  TableResult,
  WriteOptions,
} from '@backstage-k8s/plugin-k8s-node';
import { allOfCriteria } from '../access/allOfCriteria';
import type { KubeIdentity } from '../connection/KubeIdentity';
import { objectNotFound } from '../resources/resourceReference';
import { watchWhileAllowed } from '../resources/watchWhileAllowed';
import { NAMESPACES } from '../workloads/ResourceKinds';
import type { AccessReviews } from './AccessReviews';
import type { Identities } from './Identities';

/** Namespaces that are asked about one by one where a caller may not list a kind in all of them. */
const MAX_NAMESPACES = 200;
/** Milliseconds between two looks of a watch. */
const RECHECK_MS = 2_000;

/**
 * On clusters in impersonation mode the cluster's own rules decide, too: on changes and live reads since they are sent as the
 * caller, on reads from the cache here. What the rules hide is answered like what does not exist.
 */
export class ReviewedResourceClient implements ResourceClient {
  readonly #client: ResourceClient;
  readonly #identities: Identities;
  readonly #reviews: AccessReviews;
  /** The portal itself, which knows which namespaces there are. */
  readonly #system: RequestContext;

  constructor(options: {
    client: ResourceClient;
    identities: Identities;
    reviews: AccessReviews;
    system: RequestContext;
  }) {
    this.#client = options.client;
    this.#identities = options.identities;
    this.#reviews = options.reviews;
    this.#system = options.system;
  }

  async get(
    reference: ObjectReference,
    options: ReadOptions,
  ): Promise<GetResult> {
    const { cluster, group, plural, namespace, name } = reference;
    const as = await this.#identities.of(cluster, options.context);
    const access = { cluster, group, plural, namespace, name, verb: 'get' };
    if (as && !(await this.#reviews.allows(access, as))) {
      throw objectNotFound(reference);
    }
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
    return this.#whileAllowed(query, options, (narrowed, within) =>
      this.#client.watch(narrowed, within),
    );
  }

  watchRows(query: RowQuery, options: ReadOptions): AsyncIterable<RowChange> {
    return this.#whileAllowed(query, options, (narrowed, within) =>
      this.#client.watchRows(narrowed, within),
    );
  }

  create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    return this.#client.create(reference, object, options);
  }

  apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject> {
    return this.#client.apply(reference, object, options);
  }

  patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject> {
    return this.#client.patch(reference, patch, options);
  }

  delete(
    reference: ObjectReference,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<void> {
    return this.#client.delete(reference, options);
  }

  async *#whileAllowed<Query extends ResourceQuery, Change>(
    query: Query,
    options: ReadOptions,
    watch: (query: Query, options: ReadOptions) => AsyncIterable<Change>,
  ): AsyncIterable<Change> {
    const { context } = options;
    if (!(await this.#identities.of(query.cluster, context))) {
      yield* watch(query, options);
      return;
    }
    yield* watchWhileAllowed({
      context,
      recheckMs: RECHECK_MS,
      filter: async () =>
        (await this.#narrowed(query, options)).filter ??
        everything(query.cluster),
      watch: (filter, signal) =>
        watch(
          { ...query, filter },
          { ...options, context: { ...context, signal } },
        ),
    });
  }

  /** The query, with the namespaces that the rules let the caller list the kind in as part of its filter. */
  async #narrowed<Query extends ResourceQuery>(
    query: Query,
    { context }: ReadOptions,
  ): Promise<Query> {
    const as = await this.#identities.of(query.cluster, context);
    if (!as) return query;
    const criteria = await this.#criteria(query, as);
    const filter = query.filter ?? everything(query.cluster);
    return {
      ...query,
      filter: {
        ...filter,
        criteria: allOfCriteria([filter.criteria, criteria]),
      },
    };
  }

  async #criteria(
    query: ResourceQuery,
    as: KubeIdentity,
  ): Promise<AccessFilter['criteria']> {
    const { cluster, group, plural, namespace } = query;
    const access = { cluster, group, plural, verb: 'list' };
    if (await this.#reviews.allows({ ...access, namespace }, as)) return 'all';
    // In one namespace, or without namespaces: there is nothing more to ask.
    if (namespace !== undefined || isNamespaces(query)) return 'none';
    const names = await this.#namespaces(query);
    const allowed = await Promise.all(
      names.map(name =>
        this.#reviews.allows({ ...access, namespace: name }, as),
      ),
    );
    const namespaces = names.filter((_, index) => allowed[index]);
    return {
      rule: 'IS_NAMESPACE',
      resourceType: 'k8s-resource',
      params: { namespaces },
    };
  }

  async #namespaces({ cluster }: ResourceKind): Promise<string[]> {
    const { items } = await this.#client.list(
      { ...NAMESPACES, cluster },
      { context: this.#system },
    );
    return items
      .flatMap(({ metadata }) => metadata.name ?? [])
      .sort()
      .slice(0, MAX_NAMESPACES);
  }
}

function isNamespaces({ group, plural }: ResourceType): boolean {
  return group === '' && plural === 'namespaces';
}

function everything(cluster: string): AccessFilter {
  return { cluster: { id: cluster, name: '', labels: {} }, criteria: 'all' };
}
