import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { K8sApi } from '../api/K8sApi';
import { resourceKey } from '../resources/ResourceRows';
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

/** What the back end says of a cluster that no object of it says by itself. */
async function readView<
  R extends Schema<'Node' | 'Event' | 'DeploymentRollout'>,
>(
  { client }: K8sApi,
  id: string,
  options: {
    view: 'nodes' | 'events' | 'rollouts';
    query?: EventFilter;
    signal?: AbortSignal;
  },
): Promise<FreshRows<R>> {
  const { view, query, signal } = options;
  const { rows, cache } = unwrap(
    await client.GET('/clusters/{id}/views/{view}', {
      params: { path: { id, view }, query },
      signal,
    }),
  );
  // Which rows a view has is told by its name.
  return { rows: rows as R[], cache };
}

/** The nodes of a cluster by name; live. @public */
export function useNodes(id: string) {
  return useLiveQuery<FreshRows<Schema<'Node'>>>({
    queryKey: queryKeys.nodes(id),
    read: (api, signal) => readView(api, id, { view: 'nodes', signal }),
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

/**
 * The rollouts of a cluster's deployments that are not at rest, and why; live. A deployment that is not among them has what it wants, or
 * its list says as much as is known.
 *
 * @public
 */
export function useRollouts(
  id: string,
  options: {
    /** Absent: of all namespaces. */
    namespace?: string;
    enabled?: boolean;
  } = {},
) {
  const { namespace, enabled } = options;
  return useLiveQuery<FreshRows<Schema<'DeploymentRollout'>>>({
    queryKey: queryKeys.rollouts(id, { namespace }),
    read: (api, signal) =>
      readView(api, id, { view: 'rollouts', query: { namespace }, signal }),
    topic: { topic: 'rollouts', cluster: id, namespace },
    apply: (data, changes, { first }) => {
      const cache = changes.cache ?? data.cache;
      const { rows, missing } = applyRows(data.rows, changes, {
        keyOf: resourceKey,
        compare: (left, right) =>
          resourceKey(left).localeCompare(resourceKey(right)),
        first,
      });
      return { data: { rows, cache }, readAgain: missing > 0 };
    },
    enabled,
  });
}

/** Which events of a cluster. @public */
export interface EventFilter {
  namespace?: string;
  /** `Kind/name` of the object that they are about. */
  involved?: string;
  /** RFC 3339: also what only the portal remembers, from then on. */
  since?: string;
  limit?: number;
}

const byNewest = (left: Schema<'Event'>, right: Schema<'Event'>) =>
  right.lastSeen.localeCompare(left.lastSeen) ||
  left.id.localeCompare(right.id);

/**
 * The events of a cluster, those that say the same as one, newest first; live, but for those of long ago.
 *
 * @public
 */
export function useEvents(id: string, filter: EventFilter = {}) {
  const { namespace, involved, since, limit } = filter;
  return useLiveQuery<FreshRows<Schema<'Event'>>>({
    queryKey: queryKeys.events(id, filter),
    read: (api, signal) =>
      readView(api, id, { view: 'events', query: filter, signal }),
    // Who looks far back is not told of each change: all that is remembered would be read for each.
    topic:
      since === undefined
        ? { topic: 'events', cluster: id, namespace, involved }
        : undefined,
    apply: (data, changes, { first }) => {
      const cache = changes.cache ?? data.cache;
      const applied = applyRows(data.rows, changes, {
        keyOf: ({ id: row }) => row,
        compare: byNewest,
        first,
      });
      const rows = [...applied.rows].sort(byNewest).slice(0, limit);
      // What was cut off before is known by the back end only.
      const lacksOthers = data.rows.length === limit && rows.length < limit;
      const readAgain = applied.missing > 0 || lacksOthers;
      return { data: { rows, cache }, readAgain };
    },
  });
}
