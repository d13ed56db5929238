import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '../stream/StreamEvent';
import { applyRows } from './applyRows';
import { queryKeys } from './queryKeys';
import { unwrap } from './unwrap';
import { useLiveQuery } from './useLiveQuery';
import type { StreamChanges } from './useLiveQuery';

/** A whole list of a cluster and how fresh it is. @public */
export interface FreshRows<R> {
  rows: R[];
  cache: CacheState;
}

const named = {
  keyOf: (row: { name: string }) => row.name,
  compare: (left: { name: string }, right: { name: string }) =>
    left.name.localeCompare(right.name),
};

function applyNamed<R extends { name: string }>(
  data: FreshRows<R>,
  changes: StreamChanges,
  { first }: { first: boolean },
) {
  const applied = applyRows(data.rows, changes, { ...named, first });
  return {
    data: { rows: applied.rows, cache: changes.cache ?? data.cache },
    readAgain: applied.missing > 0,
  };
}

/** The nodes of a cluster by name; live. @public */
export function useNodes(id: string) {
  return useLiveQuery<FreshRows<Schema<'Node'>>>({
    queryKey: queryKeys.nodes(id),
    read: async ({ client }, signal) => {
      const params = { path: { id } };
      const { nodes, cache } = unwrap(
        await client.GET('/clusters/{id}/nodes', { params, signal }),
      );
      return { rows: nodes, cache };
    },
    topic: { topic: 'nodes', cluster: id },
    apply: applyNamed,
  });
}

/** The namespaces of a cluster that one may see, by name; live. @public */
export function useNamespaces(id: string) {
  return useLiveQuery<FreshRows<Schema<'Namespace'>>>({
    queryKey: queryKeys.namespaces(id),
    read: async ({ client }, signal) => {
      const params = { path: { id } };
      const { namespaces, cache } = unwrap(
        await client.GET('/clusters/{id}/namespaces', { params, signal }),
      );
      return { rows: namespaces, cache };
    },
    topic: { topic: 'namespaces', cluster: id },
    apply: applyNamed,
  });
}

/** The events of a cluster, grouped; read again as its deployments change. @public */
export function useEvents(
  id: string,
  filter: { namespace?: string; involved?: string; limit?: number } = {},
) {
  return useLiveQuery({
    queryKey: queryKeys.events(id, filter),
    read: async ({ client }, signal) =>
      unwrap(
        await client.GET('/clusters/{id}/events', {
          params: { path: { id }, query: filter },
          signal,
        }),
      ),
    topic: {
      topic: 'deployments',
      cluster: id,
      namespace: filter.namespace,
    },
    apply: (data, changes, { first }) => ({
      data: { ...data, cache: changes.cache ?? data.cache },
      // What happens in a cluster shows in its deployments; the first rows are what was there already.
      readAgain:
        !first && (changes.upserted.length > 0 || changes.deleted.length > 0),
    }),
  });
}
