import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { ListResult, ResourceQuery } from '@backstage-k8s/plugin-k8s-node';
import { GarbageError } from '../cache/LineSplitter';
import { readList } from '../cache/readList';
import type { ClusterConnection } from '../connection/ClusterConnection';
import { GoneError } from '../errors/statusErrors';
import { checkCount } from './checkCount';
import { objectMatcherOf } from './matcherOf';
import { retryPassingFaults } from './passingFaults';
import { trimObject } from './redactObject';
import { kindNotFound } from './resourceReference';

// A list whose place was lost (410) is begun again so often; more means that it is compacted faster than it can be read.
const RESTARTS = 2;

/**
 * Reads the objects of a query from the API server, in pages; only what may be seen is kept, as what `make` makes of it: of a large
 * kind all whole objects at once would be too much.
 *
 * @throws NotFoundError when the cluster does not have the kind, InputError when the selector cannot be read,
 * ContentTooLargeError when there are more than the query takes, else what the connection throws
 */
export async function readLive<Made>(
  connection: ClusterConnection,
  query: ResourceQuery,
  options: {
    signal: AbortSignal;
    make: (object: KubernetesObject) => Made;
    /** Told of every chunk that arrives. */
    onBytes?: (bytes: number) => void;
  },
): Promise<Omit<ListResult, 'items'> & { items: Made[] }> {
  const { signal, make, onBytes } = options;
  const matches = objectMatcherOf(query);
  let items: Made[] = [];
  const read = () => {
    items = [];
    return readList(connection, query, {
      namespace: query.namespace,
      labelSelector: query.labelSelector || undefined,
      signal,
      onBytes,
      onObject: object => {
        if (!matches(object)) return;
        checkCount(query, items.length + 1);
        items.push(make(trimObject(query, object)));
      },
    });
  };
  try {
    const resourceVersion = await retryPassingFaults(
      () => restartWhenGone(read),
      { signal },
    );
    return { items, resourceVersion, cache: { state: 'live' } };
  } catch (error) {
    if (error instanceof NotFoundError) throw kindNotFound(query);
    throw error instanceof GarbageError ? notUnderstood() : error;
  }
}

async function restartWhenGone<T>(read: () => Promise<T>): Promise<T> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof GoneError) || restarts >= RESTARTS) throw error;
    }
  }
}

/** The error for an answer that is not what the protocol allows. */
export function notUnderstood(): ServiceUnavailableError {
  return new ServiceUnavailableError(
    'The API server answered what no API server answers',
  );
}
