/**
 * The bottom of the layers: reads and changes objects at the API server itself.
 *
 * Retries. Reads are done again when a passing network fault stopped them. Writes are not, since nobody knows whether they
 * took effect, but where the request has an idempotency marker: then the object is looked at, and the write is done once
 * more only when the object does not carry the marker.
 *
 * A create is an apply, so that what it sets is owned as what is applied later: a field that the next manifest leaves out goes, and
 * none of ours is a conflict with ourselves. Where that is refused, for whatever reason, the plain create has the last word: it
 * says best what exists already or is not valid, and knows kinds and rights that no apply has.
 */
import {
  ConflictError,
  InputError,
  NotFoundError,
  NotImplementedError,
} from '@backstage/errors';
import { FIELD_MANAGER } from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  DeleteOptions,
  GetResult,
  ListResult,
  ObjectReference,
  Precondition,
  ReadOptions,
  RequestContext,
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
import { isObject } from '../cache/readList';
import { createRow, TextPool } from '../cache/Row';
import type { Row } from '../cache/Row';
import { mostOf } from '../cache/mostOf';
import { selectPage } from '../cache/selectPage';
import type {
  ClusterConnection,
  KubeRequest,
} from '../connection/ClusterConnection';
import { clusterFailureOf } from '../errors/clusterErrors';
import type { ContextConnections } from '../impersonation/ContextConnections';
import { createRowBuilder } from '../rows/createRowBuilder';
import { HeldObjects } from './HeldObjects';
import { notUnderstood, readLive } from './readLive';
import type { Collector } from './readLive';
import { manifestOf } from './manifestOf';
import { isPassingFault, retryPassingFaults } from './passingFaults';
import { patchBody } from './patchBody';
import { redactObject } from './redactObject';
import { isMarked, markObject } from './requestMarker';
import { kindPath, objectPath } from './resourcePath';
import { objectNotFound } from './resourceReference';

/** A field that the kind does not have is an error, as for kubectl; an API server leaves it out without a word otherwise. */
const STRICTLY = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };

/** Reads and changes objects at the API server. */
export class LiveResourceClient implements ResourceClient {
  readonly #connections: ContextConnections;
  /** A kind that the cache does not have room for is read by all who look at it: without bounds each would make the others later. */
  readonly #slots = new ListSlots();

  constructor(options: { connections: ContextConnections }) {
    this.#connections = options.connections;
  }

  async get(
    reference: ObjectReference,
    { context }: ReadOptions,
  ): Promise<GetResult> {
    const path = objectPath(reference);
    const object = await retryPassingFaults(
      () => this.#send(reference, context, { path }),
      { signal: context.signal },
    ).catch(error => {
      throw error instanceof NotFoundError ? objectNotFound(reference) : error;
    });
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

  async create(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions,
  ): Promise<KubernetesObject> {
    const path = objectPath(reference);
    const manifest = manifestOf(reference, object);
    return this.#write(reference, options, async marker => {
      const { context } = options;
      const query = { ...STRICTLY, ...dryRunQuery(options) };
      const body = markObject(manifest, marker);
      try {
        return await this.#send(reference, context, {
          ...{ method: 'PATCH', path, query },
          contentType: 'application/apply-patch+yaml',
          body: onlyNew(body),
        });
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
      return this.#send(reference, context, {
        ...{ method: 'POST', path: kindPath(reference), query, body },
      });
    });
  }

  async apply(
    reference: ObjectReference,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
  ): Promise<KubernetesObject> {
    const path = objectPath(reference);
    const manifest = manifestOf(reference, object);
    return this.#write(reference, options, marker =>
      this.#send(reference, options.context, {
        method: 'PATCH',
        path,
        query: {
          fieldManager: FIELD_MANAGER,
          force: options.force === true,
          ...dryRunQuery(options),
        },
        contentType: 'application/apply-patch+yaml',
        body: markObject(manifest, marker),
      }),
    );
  }

  async patch(
    reference: ObjectReference,
    patch: ResourcePatch,
    options: WriteOptions & { precondition?: Precondition },
  ): Promise<KubernetesObject> {
    const path = objectPath(reference);
    return this.#write(reference, options, async marker => {
      const { tested, ...change } = await patchBody(patch, {
        precondition: options.precondition,
        marker,
        live: async () => (await this.get(reference, options)).object,
      });
      try {
        return await this.#send(reference, options.context, {
          method: 'PATCH',
          path,
          query: { ...STRICTLY, ...dryRunQuery(options) },
          ...change,
        });
      } catch (error) {
        throw await this.#conflictOf(error, reference, { ...options, tested });
      }
    });
  }

  async delete(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<void> {
    await this.remove(reference, options);
  }

  /** {@link delete}, and tells what became of the object. */
  async remove(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<Removal> {
    objectPath(reference);
    const { idempotency } = options.context;
    if (idempotency?.resumed && (await this.#isGone(reference, options))) {
      return {};
    }
    try {
      return await this.#sendDelete(reference, options);
    } catch (error) {
      if (error instanceof NotFoundError) {
        if (idempotency?.resumed) return {};
        throw objectNotFound(reference);
      }
      if (!idempotency || !isPassingFault(error)) throw error;
    }
    // The first attempt may have taken effect: what is gone now went by it.
    return this.#sendDelete(reference, options).catch(error => {
      if (error instanceof NotFoundError) return {};
      throw error;
    });
  }

  async #sendDelete(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<Removal> {
    const connection = await this.#connections.get(
      reference.cluster,
      options.context,
    );
    const response = await connection.request({
      method: 'DELETE',
      path: objectPath(reference),
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: options.propagation ?? 'Background',
        ...(options.precondition && { preconditions: options.precondition }),
        ...(options.dryRun && { dryRun: ['All'] }),
      },
      signal: options.context.signal,
    });
    const answer = await response.json<DeleteAnswer>();
    // A Status says that it is gone; what still has to be cleaned up is answered as it is.
    if (answer.kind === 'Status') return { uid: answer.details?.uid };
    return { remaining: redactObject(reference, answeredObject(answer)) };
  }

  /** Whether the object that was to be deleted is not there any more, even if another of its name is. */
  async #isGone(
    reference: ObjectReference,
    options: DeleteOptions,
  ): Promise<boolean> {
    const live = await this.#find(reference, options);
    if (!live || live.metadata.deletionTimestamp) return true;
    const wanted = options.precondition?.uid;
    return wanted !== undefined && wanted !== live.metadata.uid;
  }

  /** Sends a change, once or, where the marker makes it safe, again. */
  async #write(
    reference: ObjectReference,
    options: WriteOptions,
    send: (marker: string | undefined) => Promise<KubernetesObject>,
  ): Promise<KubernetesObject> {
    const { idempotency } = options.context;
    if (idempotency === undefined || options.dryRun) return send(undefined);
    const { marker, resumed } = idempotency;
    const done = async () => {
      const live = await this.#find(reference, options);
      return live && isMarked(live, marker) ? live : undefined;
    };
    const before = resumed ? await done() : undefined;
    if (before) return before;
    try {
      return await send(marker);
    } catch (error) {
      if (!isPassingFault(error) || options.context.signal.aborted) throw error;
      return (await done()) ?? send(marker);
    }
  }

  /**
   * A ConflictError where the preconditions of a refused patch do not hold: the API server has other words for that, which depend
   * on the sort of the patch.
   */
  async #conflictOf(
    error: unknown,
    reference: ObjectReference,
    options: WriteOptions & { tested: Precondition },
  ): Promise<unknown> {
    const { resourceVersion, uid } = options.tested;
    const isPossible = resourceVersion !== undefined || uid !== undefined;
    if (!(error instanceof InputError) || !isPossible) return error;
    const metadata = (await this.#find(reference, options))?.metadata;
    const holds =
      (resourceVersion ?? metadata?.resourceVersion) ===
        metadata?.resourceVersion && (uid ?? metadata?.uid) === metadata?.uid;
    return holds
      ? error
      : new ConflictError(
          'The object was changed since it was read; read it again',
        );
  }

  async #find(
    reference: ObjectReference,
    { context }: WriteOptions,
  ): Promise<KubernetesObject | undefined> {
    try {
      return (await this.get(reference, { context })).object;
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  async #send(
    reference: ObjectReference,
    context: RequestContext,
    request: KubeRequest,
  ): Promise<KubernetesObject> {
    const { cluster } = reference;
    const connection = await this.#connections.get(cluster, context);
    try {
      const { signal } = context;
      const response = await connection.request({ ...request, signal });
      const object = answeredObject(await response.json<unknown>());
      return redactObject(reference, object);
    } catch (error) {
      const isChange = (request.method ?? 'GET') !== 'GET';
      // A create's 404 speaks of the namespace, which the caller has to be told.
      if (
        isChange &&
        request.method !== 'POST' &&
        error instanceof NotFoundError
      ) {
        throw objectNotFound(reference);
      }
      throw error;
    }
  }
}

/**
 * The manifest, applicable only as long as there is no such object: no object has this version, since etcd's first write makes the
 * second. Where there is none, the version is not looked at.
 */
function onlyNew(manifest: KubernetesObject): KubernetesObject {
  const metadata = { ...manifest.metadata, resourceVersion: '1' };
  return { ...manifest, metadata };
}

/** Whether the API server said no; a fault that may pass says nothing. */
function isRefusal(error: unknown): boolean {
  // Some say with a failure of their own that they cannot read what is applied.
  if (error instanceof InputError || error instanceof NotFoundError) {
    return true;
  }
  return (
    clusterFailureOf(error)?.status !== undefined && !isPassingFault(error)
  );
}

/** What became of an object that was to be deleted. */
export interface Removal {
  /** It is still there until it is cleaned up. */
  remaining?: KubernetesObject;
  /** It is gone, and this was its uid; absent when that is not known. */
  uid?: string;
}

interface DeleteAnswer {
  kind?: string;
  details?: { uid?: string };
}

/** @throws ServiceUnavailableError when it is no object */
function answeredObject(answer: unknown): KubernetesObject {
  if (!isObject(answer)) throw notUnderstood();
  return answer;
}

function dryRunQuery({ dryRun }: WriteOptions) {
  return dryRun ? { dryRun: 'All' } : {};
}
