import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  DeleteOptions,
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
import type { VisibleClusters } from '../access/VisibleClusters';
import type { AuditEffect, AuditLog } from '../audit/AuditLog';
import { DELETED_VERSION } from '../history/ObjectChange';

/**
 * Puts every change into the audit: that it was tried before it is, and how it ended after. Refusals come from the layer below
 * and are kept as such. Dry runs change nothing and are not kept.
 */
export class AuditedResourceClient implements ResourceClient {
  readonly #client: ResourceClient;
  readonly #audit: AuditLog;
  readonly #clusters: VisibleClusters;

  constructor(options: {
    client: ResourceClient;
    audit: AuditLog;
    clusters: VisibleClusters;
  }) {
    this.#client = options.client;
    this.#audit = options.audit;
    this.#clusters = options.clusters;
  }

  get(reference: ObjectReference, options: ReadOptions): Promise<GetResult> {
    return this.#client.get(reference, options);
  }

  list(query: ResourceQuery, options: ReadOptions): Promise<ListResult> {
    return this.#client.list(query, options);
  }

  watch(
    query: ResourceQuery,
    options: ReadOptions,
  ): AsyncIterable<ResourceChange> {
    return this.#client.watch(query, options);
  }

  table(query: TableQuery, options: ReadOptions): Promise<TableResult> {
    return this.#client.table(query, options);
  }

  watchRows(query: RowQuery, options: ReadOptions): AsyncIterable<RowChange> {
    return this.#client.watchRows(query, options);
  }

  view(query: ViewQuery, options: ReadOptions): Promise<ViewResult> {
    return this.#client.view(query, options);
  }

  watchView(query: ViewQuery, options: ReadOptions): AsyncIterable<ViewChange> {
    return this.#client.watchView(query, options);
  }

  create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    return this.#write(reference, options, () =>
      this.#client.create(reference, object, options),
    );
  }

  apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject> {
    return this.#write(reference, options, () =>
      this.#client.apply(reference, object, options),
    );
  }

  patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject> {
    return this.#write(reference, options, () =>
      this.#client.patch(reference, patch, options),
    );
  }

  delete(reference: ObjectReference, options: DeleteOptions): Promise<void> {
    return this.#change(reference, options, note =>
      this.#client.delete(reference, {
        ...options,
        onDeleted: object => {
          options.onDeleted?.(object);
          const { uid, resourceVersion = DELETED_VERSION } = object;
          note({ uid, resourceVersion });
        },
      }),
    );
  }

  #write(
    reference: ObjectReference,
    options: WriteOptions,
    work: () => Promise<KubernetesObject>,
  ): Promise<KubernetesObject> {
    return this.#change(reference, options, async note => {
      const object = await work();
      const { uid, resourceVersion } = object.metadata;
      if (uid && resourceVersion) note({ uid, resourceVersion });
      return object;
    });
  }

  async #change<T>(
    { cluster, group, plural, namespace, name }: ObjectReference,
    { action, details, dryRun, context }: WriteOptions,
    work: (note: (effect: AuditEffect) => void) => Promise<T>,
  ): Promise<T> {
    if (dryRun) return work(() => {});
    // Only for people who read the audit later: a cluster that cannot be looked up is refused by the layer below.
    const known = await this.#clusters.get(cluster, context).catch(() => {});
    const intent = {
      action,
      cluster: { id: cluster, name: known?.name },
      resource: { group, plural, namespace, name },
      details,
    };
    return this.#audit.change(intent, context, work);
  }
}
