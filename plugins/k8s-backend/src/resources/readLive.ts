import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { ListResult, ResourceQuery } from '@backstage-k8s/plugin-k8s-node';
import { GarbageError } from '../cache/LineSplitter';
import { readList } from '../cache/readList';
import type { ClusterConnection } from '../connection/ClusterConnection';
import { GoneError } from '../errors/statusErrors';
import { objectMatcherOf } from './matcherOf';
import { retryPassingFaults } from './passingFaults';
import { trimObject } from './redactObject';
import { kindNotFound } from './resourceReference';

// A list whose place was lost (410) is begun again so often; more means that it is compacted faster than it can be read.
const RESTARTS = 2;

/** Takes in the objects of a list one by one, and keeps what is wanted of them. */
export interface Collector<Made> {
  /** @throws to end the list */
  add(object: KubernetesObject): void;
  /** When there are no more. */
  take(): Made[];
}

/**
 * Reads the objects of a query from the API server, in pages; only what may be seen is collected, and only what the collector keeps
 * stays: of a large kind all whole objects at once would be too much.
 *
 * @throws NotFoundError when the cluster does not have the kind, InputError when the selector cannot be read, else what the
 * collector or connection throws
 */
export async function readLive<Made>(
  connection: ClusterConnection,
  query: ResourceQuery,
  options: {
    signal: AbortSignal;
    /** A new one each time that the list is begun anew. */
    collect: () => Collector<Made>;
    /** Told of every chunk that arrives. */
    onBytes?: (bytes: number) => void;
  },
): Promise<Omit<ListResult, 'items'> & { items: Made[] }> {
  const { signal, collect, onBytes } = options;
  const matches = objectMatcherOf(query);
  let collector = collect();
  const read = () => {
    collector = collect();
    return readList(connection, query, {
      namespace: query.namespace,
      labelSelector: query.labelSelector || undefined,
      // Nobody follows what is read here.
      allowsUnversioned: true,
      signal,
      onBytes,
      onObject: object => {
        if (matches(object)) collector.add(trimObject(query, object));
      },
    });
  };
  try {
    const resourceVersion = await retryPassingFaults(
      () => restartWhenGone(read),
      { signal },
    );
    const items = collector.take();
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
