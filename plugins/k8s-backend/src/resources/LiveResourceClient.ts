/**
 * The bottom of the layers: reads and changes objects at the API server itself.
 *
 * Retries. Reads are done again when a passing network fault stopped them. Of writes see `LiveChanges` and `LiveDeletion`.
 */
import { NotImplementedError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  DeleteOptions,
  GetResult,
  ListResult,
  ObjectReference,
  Precondition,
  ReadOptions,
  ResourceClient,
  ResourcePatch,
  ResourceQuery,
  RowChange,
  TableQuery,
  TableResult,
  ViewChange,
  ViewResult,
  WriteOptions,
} from '@backstage-k8s/plugin-k8s-node';
import { Body } from '../cache/BodyStore';
import { ListSlots } from '../cache/ListSlots';
import { createRow, TextPool } from '../cache/Row';
import type { Row } from '../cache/Row';
import { mostOf } from '../cache/mostOf';
import { selectPage } from '../cache/selectPage';
import type { ClusterConnection } from '../connection/ClusterConnection';
import type { ContextConnections } from '../impersonation/ContextConnections';
import { createRowBuilder } from '../rows/createRowBuilder';
import { HeldObjects } from './HeldObjects';
import { LiveChanges } from './LiveChanges';
import { LiveDeletion } from './LiveDeletion';
import type { Removal } from './LiveDeletion';
import { ObjectRequests } from './ObjectRequests';
import { readLive } from './readLive';
import type { Collector } from './readLive';
import { kindPath } from './resourcePath';

/** Reads and changes objects at the API server. */
export class LiveResourceClient implements ResourceClient {
  readonly #connections: ContextConnections;
  readonly #requests: ObjectRequests;
  readonly #changes: LiveChanges;
  readonly #deletion: LiveDeletion;
  /** A kind that the cache does not have room for is read by all who look at it: without bounds each would make the others later. */
  readonly #slots = new ListSlots();

  constructor(options: { connections: ContextConnections }) {
    this.#connections = options.connections;
    const requests = new ObjectRequests(options);
    this.#requests = requests;
    this.#changes = new LiveChanges({ requests });
    this.#deletion = new LiveDeletion({ requests });
  }

  async get(
    reference: ObjectReference,
    { context }: ReadOptions,
  ): Promise<GetResult> {
    const object = await this.#requests.get(reference, context);
    return { object, cache: { state: 'live' } };
  }

  async list(
    query: ResourceQuery,
    { context }: ReadOptions,
  ): Promise<ListResult> {
    kindPath(query);
    const connection = await this.#connections.get(query.cluster, context);
    return this.#readAll(connection, query, {
      signal: context.signal,
      collect: () => new HeldObjects(query, { newest: mostOf(query) }),
    });
  }

  async table(
    query: TableQuery,
    { context }: ReadOptions,
  ): Promise<TableResult> {
    kindPath(query);
    const connection = await this.#connections.get(query.cluster, context);
    const build = createRowBuilder(query, query.columns);
    const pool = new TextPool();
    const { items, cache } = await this.#readAll(connection, query, {
      signal: context.signal,
      collect: () => {
        const rows: Row[] = [];
        return {
          add: object =>
            rows.push(createRow(object, { build, pool, body: new Body() })),
          take: () => rows,
        };
      },
    });
    return { ...selectPage(items, query), cache };
  }

  /** Few at once. */
  async #readAll<Made>(
    connection: ClusterConnection,
    query: ResourceQuery,
    options: { signal: AbortSignal; collect: () => Collector<Made> },
  ): ReturnType<typeof readLive<Made>> {
    const { signal } = options;
    const slot = await this.#slots.acquire(query.cluster, {
      ...{ priority: 0, signal },
    });
    try {
      const onBytes = slot.received;
      return await readLive(connection, query, { ...options, onBytes });
    } finally {
      slot.release();
    }
  }

  watchRows(): AsyncIterable<RowChange> {
    return this.watch();
  }

  watchView(): AsyncIterable<ViewChange> {
    return this.watch();
  }

  async view(): Promise<ViewResult> {
    throw new NotImplementedError('Views are read from the cache only');
  }

  watch(): AsyncIterable<never> {
    throw new NotImplementedError('Changes are read from the cache only');
  }

  create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    return this.#changes.create(reference, object, options);
  }

  apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject> {
    return this.#changes.apply(reference, object, options);
  }

  patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject> {
    return this.#changes.patch(reference, patch, options);
  }

  async delete(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<void> {
    await this.remove(reference, options);
  }

  /** {@link delete}, and tells what became of the object. */
  remove(reference: ObjectReference, options: DeleteOptions): Promise<Removal> {
    return this.#deletion.remove(reference, options);
  }
}
