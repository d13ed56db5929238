import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  k8sResourceCreatePermission,
  k8sResourceDeletePermission,
  k8sResourceReadPermission,
  k8sResourceUpdatePermission,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterReference,
  K8sResourcePermission,
  KubernetesObject,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  AccessFilter,
  DeleteOptions,
  GetResult,
  ListResult,
  ObjectReference,
  Precondition,
  ReadOptions,
  RequestContext,
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
import type { AccessControl } from '../access/AccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import { watchWhileAllowed } from './watchWhileAllowed';
import {
  hasPodSecurity,
  isNamespaceKind,
  touchesPodSecurity,
} from './podSecurity';
import { objectPath } from './resourcePath';
import { objectNotFound, toResourceReference } from './resourceReference';

/**
 * Lets through what the caller may do. Reads get the filter of what may be seen, so that the layers below neither return nor
 * count the rest; what may not be seen is answered as what does not exist, be it a cluster or an object.
 */
export class AuthorizedResourceClient implements ResourceClient {
  readonly #client: ResourceClient;
  readonly #access: AccessControl;
  readonly #clusters: VisibleClusters;

  constructor(options: {
    client: ResourceClient;
    access: AccessControl;
    clusters: VisibleClusters;
  }) {
    this.#client = options.client;
    this.#access = options.access;
    this.#clusters = options.clusters;
  }

  async get(
    reference: ObjectReference,
    options: ReadOptions,
  ): Promise<GetResult> {
    const { context } = options;
    const cluster = await this.#clusters.get(reference.cluster, context);
    objectPath(reference);
    const mayRead = await this.#access.allowsResource(
      k8sResourceReadPermission,
      toResourceReference(cluster, reference),
      context,
    );
    if (!mayRead) throw objectNotFound(reference);
    return this.#client.get(reference, options);
  }

  async list(query: ResourceQuery, options: ReadOptions): Promise<ListResult> {
    const filter = await this.#filter(query, options.context);
    return this.#client.list({ ...query, filter }, options);
  }

  async table(query: TableQuery, options: ReadOptions): Promise<TableResult> {
    const filter = await this.#filter(query, options.context);
    return this.#client.table({ ...query, filter }, options);
  }

  watch(
    query: ResourceQuery,
    options: ReadOptions,
  ): AsyncIterable<ResourceChange> {
    return this.#whileAllowed(query, options, (filter, within) =>
      this.#client.watch({ ...query, filter }, within),
    );
  }

  watchRows(query: RowQuery, options: ReadOptions): AsyncIterable<RowChange> {
    return this.#whileAllowed(query, options, (filter, within) =>
      this.#client.watchRows({ ...query, filter }, within),
    );
  }

  async view(query: ViewQuery, options: ReadOptions): Promise<ViewResult> {
    const filter = await this.#filter(query, options.context);
    return this.#client.view(filtered(query, filter), options);
  }

  watchView(query: ViewQuery, options: ReadOptions): AsyncIterable<ViewChange> {
    return this.#whileAllowed(query, options, (filter, within) =>
      this.#client.watchView(filtered(query, filter), within),
    );
  }

  async create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    await this.#demand(reference, options, {
      permissions: [k8sResourceCreatePermission],
      isPolicy: isNamespaceKind(reference) && hasPodSecurity(object),
    });
    return this.#client.create(reference, object, options);
  }

  async apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject> {
    await this.#demand(reference, options, {
      // It creates what does not exist.
      permissions: [k8sResourceCreatePermission, k8sResourceUpdatePermission],
      isPolicy:
        isNamespaceKind(reference) &&
        (hasPodSecurity(object) || (await this.#hadLevel(reference, options))),
    });
    return this.#client.apply(reference, object, options);
  }

  async patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject> {
    await this.#demand(reference, options, {
      permissions: [k8sResourceUpdatePermission],
      isPolicy: isNamespaceKind(reference) && touchesPodSecurity(patch),
    });
    return this.#client.patch(reference, patch, options);
  }

  async delete(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<void> {
    await this.#demand(reference, options, {
      permissions: [k8sResourceDeletePermission],
      isPolicy: false,
    });
    await this.#client.delete(reference, options);
  }

  #whileAllowed<Change>(
    query: { cluster: string },
    options: ReadOptions,
    watch: (
      filter: AccessFilter,
      options: ReadOptions,
    ) => AsyncIterable<Change>,
  ): AsyncIterable<Change> {
    const { context } = options;
    if (context.rights) return this.#watchOnce(query, options, watch);
    return watchWhileAllowed({
      context,
      filter: () => this.#filter(query, context),
      watch: (filter, signal) =>
        watch(filter, { ...options, context: { ...context, signal } }),
    });
  }

  /** For who looks at the rights by himself. */
  async *#watchOnce<Change>(
    query: { cluster: string },
    options: ReadOptions,
    watch: (
      filter: AccessFilter,
      options: ReadOptions,
    ) => AsyncIterable<Change>,
  ): AsyncGenerator<Change> {
    yield* watch(await this.#filter(query, options.context), options);
  }

  async #filter(
    { cluster }: { cluster: string },
    context: RequestContext,
  ): Promise<AccessFilter> {
    const reference = await this.#clusters.get(cluster, context);
    return this.#access.filter(k8sResourceReadPermission, reference, context);
  }

  /** Whether the Namespace has a level now, which an apply without it would take away. */
  async #hadLevel(
    reference: ObjectReference,
    { context }: WriteOptions,
  ): Promise<boolean> {
    await this.#clusters.get(reference.cluster, context);
    try {
      const live = await this.#client.get(reference, { context, live: true });
      return hasPodSecurity(live.object);
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  /** @throws NotFoundError when the cluster may not be seen, NotAllowedError that says what is missing */
  async #demand(
    reference: ObjectReference,
    { context }: WriteOptions,
    needs: { permissions: K8sResourcePermission[]; isPolicy: boolean },
  ): Promise<void> {
    const cluster: ClusterReference = await this.#clusters.get(
      reference.cluster,
      context,
    );
    objectPath(reference);
    const subject = toResourceReference(cluster, reference);
    const subjects = needs.isPolicy
      ? [subject, { ...subject, category: 'policy' as const }]
      : [subject];
    for (const permission of needs.permissions) {
      for (const resource of subjects) {
        if (
          !(await this.#access.allowsResource(permission, resource, context))
        ) {
          throw new NotAllowedError(
            this.#access.refusal(permission, resource, context),
          );
        }
      }
    }
  }
}

/** A view of which each part is narrowed to the same. */
function filtered(query: ViewQuery, filter: AccessFilter): ViewQuery {
  const parts = Object.entries(query.parts).map(
    ([name, part]) =>
      [name, { ...part, cluster: query.cluster, filter }] as const,
  );
  return { ...query, parts: Object.fromEntries(parts) };
}
