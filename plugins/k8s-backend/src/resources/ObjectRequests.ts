import { NotFoundError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  RequestContext,
} from '@backstage-k8s/plugin-k8s-node';
import { isObject } from '../cache/readList';
import type {
  ClusterConnection,
  KubeRequest,
} from '../connection/ClusterConnection';
import type { ContextConnections } from '../impersonation/ContextConnections';
import { retryPassingFaults } from './passingFaults';
import { notUnderstood } from './readLive';
import { redactObject } from './redactObject';
import { objectPath } from './resourcePath';
import { objectNotFound } from './resourceReference';

/** Requests about one object, sent to the API server for the one whom the context comes from. */
export class ObjectRequests {
  readonly #connections: ContextConnections;

  constructor(options: { connections: ContextConnections }) {
    this.#connections = options.connections;
  }

  /** Reads the object, again when a passing network fault stopped that. @throws NotFoundError */
  async get(
    reference: ObjectReference,
    context: RequestContext,
  ): Promise<KubernetesObject> {
    const path = objectPath(reference);
    return retryPassingFaults(() => this.send(reference, context, { path }), {
      signal: context.signal,
    }).catch(error => {
      throw error instanceof NotFoundError ? objectNotFound(reference) : error;
    });
  }

  /** The object as it is; undefined: there is none. */
  async find(
    reference: ObjectReference,
    context: RequestContext,
  ): Promise<KubernetesObject | undefined> {
    try {
      return await this.get(reference, context);
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /** Sends a request once that is answered with the object, without what is not shown of it. */
  async send(
    reference: ObjectReference,
    context: RequestContext,
    request: KubeRequest,
  ): Promise<KubernetesObject> {
    const { cluster } = reference;
    const connection = await this.#connections.get(cluster, context);
    try {
      const answer = await sendOver(connection, request, context);
      return shownObject(reference, answer);
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

  /** Sends a request once that may be answered with anything: neither answer nor error is changed. */
  async sendRaw<Answer>(
    reference: ObjectReference,
    context: RequestContext,
    request: KubeRequest,
  ): Promise<Answer> {
    const { cluster } = reference;
    const connection = await this.#connections.get(cluster, context);
    return sendOver<Answer>(connection, request, context);
  }
}

async function sendOver<Answer>(
  connection: ClusterConnection,
  request: KubeRequest,
  { signal }: RequestContext,
): Promise<Answer> {
  const response = await connection.request({ ...request, signal });
  return response.json<Answer>();
}

/**
 * The object of an answer, without what is not shown of it.
 *
 * @throws ServiceUnavailableError when it is no object
 */
export function shownObject(
  reference: ObjectReference,
  answer: unknown,
): KubernetesObject {
  if (!isObject(answer)) throw notUnderstood();
  return redactObject(reference, answer);
}
