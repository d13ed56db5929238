import type { LoggerService } from '@backstage/backend-plugin-api';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  GetResult,
  ListResult,
  ObjectReference,
  Precondition,
  ReadOptions,
  ResourceChange,
  ResourceClient,
  ResourceHook,
  ResourceOperation,
  ResourcePatch,
  ResourceQuery,
  ResourceReader,
  ResourceWriter,
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
import { failureLog } from '../errors/failureLog';

/**
 * Asks the hooks of modules before a change, and tells them after it. The writer below authorizes what they made of it; which object it is about they cannot change, since only the manifest or the patch is taken from them.
 */
export class HookedResourceClient implements ResourceClient {
  readonly #reader: ResourceReader;
  readonly #writer: ResourceWriter;
  readonly #hooks: readonly ResourceHook[];
  readonly #clusters: VisibleClusters;
  readonly #logger: LoggerService;

  constructor(options: {
    reader: ResourceReader;
    /** Authorizes what hooks make of a change. */
    writer: ResourceWriter;
    hooks: readonly ResourceHook[];
    clusters: VisibleClusters;
    logger: LoggerService;
  }) {
    this.#reader = options.reader;
    this.#writer = options.writer;
    this.#hooks = options.hooks;
    this.#clusters = options.clusters;
    this.#logger = options.logger;
  }

  get(reference: ObjectReference, options: ReadOptions): Promise<GetResult> {
    return this.#reader.get(reference, options);
  }

  list(query: ResourceQuery, options: ReadOptions): Promise<ListResult> {
    return this.#reader.list(query, options);
  }

  table(query: TableQuery, options: ReadOptions): Promise<TableResult> {
    return this.#reader.table(query, options);
  }

  watch(
    query: ResourceQuery,
    options: ReadOptions,
  ): AsyncIterable<ResourceChange> {
    return this.#reader.watch(query, options);
  }

  watchRows(query: RowQuery, options: ReadOptions): AsyncIterable<RowChange> {
    return this.#reader.watchRows(query, options);
  }

  view(query: ViewQuery, options: ReadOptions): Promise<ViewResult> {
    return this.#reader.view(query, options);
  }

  watchView(query: ViewQuery, options: ReadOptions): AsyncIterable<ViewChange> {
    return this.#reader.watchView(query, options);
  }

  create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    return this.#change(
      { verb: 'create', reference, object },
      options,
      changed =>
        this.#writer.create(reference, changed.object ?? object, options),
    );
  }

  apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject> {
    return this.#change(
      { verb: 'apply', reference, object },
      options,
      changed =>
        this.#writer.apply(reference, changed.object ?? object, options),
    );
  }

  patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject> {
    return this.#change({ verb: 'patch', reference, patch }, options, changed =>
      this.#writer.patch(reference, changed.patch ?? patch, options),
    );
  }

  async delete(
    reference: ObjectReference,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<void> {
    await this.#change({ verb: 'delete', reference }, options, () =>
      this.#writer.delete(reference, options).then(() => undefined),
    );
  }

  async #change<Result extends KubernetesObject | undefined>(
    asked: Pick<ResourceOperation, 'verb' | 'reference' | 'object' | 'patch'>,
    { context, action, dryRun = false }: WriteOptions,
    work: (
      changed: Pick<ResourceOperation, 'object' | 'patch'>,
    ) => Promise<Result>,
  ): Promise<Result> {
    if (this.#hooks.length === 0) return work(asked);
    const cluster = await this.#clusters.get(asked.reference.cluster, context);
    let operation: ResourceOperation = { ...asked, cluster, action, dryRun };
    for (const hook of this.#hooks) {
      const change = await hook.before?.(operation, context);
      operation = {
        ...operation,
        ...(operation.object && { object: change?.object ?? operation.object }),
        ...(operation.patch && { patch: change?.patch ?? operation.patch }),
      };
    }
    const result = await work(operation);
    if (!dryRun) await this.#tell(operation, result, context);
    return result;
  }

  async #tell(
    operation: ResourceOperation,
    object: KubernetesObject | undefined,
    context: WriteOptions['context'],
  ) {
    for (const hook of this.#hooks) {
      try {
        await hook.after?.(operation, { object }, context);
      } catch (error) {
        this.#logger.warn('A hook failed after a change', {
          hook: hook.name,
          action: operation.action,
          ...failureLog(error),
        });
      }
    }
  }
}
