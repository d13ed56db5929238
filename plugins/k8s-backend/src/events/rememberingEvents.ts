import type {
  ListResult,
  ReadOptions,
  ResourceClient,
  ResourceQuery,
  ViewQuery,
  ViewResult,
} from '@backstage-k8s/plugin-k8s-node';
import { objectMatcherOf } from '../resources/matcherOf';
import { eventRows } from '../views/eventRows';
import type { EventStore } from './EventStore';

/**
 * Answers lists of Events with `since`, and the view of them, from what was kept of them, too; what may be seen of that the query's
 * filter says.
 */
export function rememberingEvents(
  client: ResourceClient,
  options: { store: EventStore },
): ResourceClient {
  const list = async (
    query: ResourceQuery,
    read: ReadOptions,
  ): Promise<ListResult> => {
    const { since, about, ...present } = query;
    const current = await client.list({ ...present, about }, read);
    const isEvents = query.group === '' && query.plural === 'events';
    if (since === undefined || !isEvents) return current;
    const matches = objectMatcherOf(query);
    const remembered = await options.store.list({
      cluster: query.cluster,
      namespace: query.namespace,
      involved: about,
      since: Date.parse(since),
    });
    const uids = new Set(current.items.map(({ metadata }) => metadata.uid));
    const forgotten = remembered.filter(
      event => !uids.has(event.metadata.uid) && matches(event),
    );
    return { ...current, items: [...current.items, ...forgotten] };
  };
  const view = async (
    query: ViewQuery,
    read: ReadOptions,
  ): Promise<ViewResult> => {
    const { events } = query.parts;
    if (query.view !== 'events' || events.since === undefined) {
      return client.view(query, read);
    }
    // What is remembered is not where views are made.
    const { items, cache } = await list(events, read);
    const rows = eventRows(items).map(row => ({
      key: row.id,
      json: JSON.stringify(row),
    }));
    return { rows, cache };
  };
  return {
    get: (...request) => client.get(...request),
    list,
    table: (...request) => client.table(...request),
    watch: (...request) => client.watch(...request),
    watchRows: (...request) => client.watchRows(...request),
    view,
    watchView: (...request) => client.watchView(...request),
    create: (...request) => client.create(...request),
    apply: (...request) => client.apply(...request),
    patch: (...request) => client.patch(...request),
    delete: (...request) => client.delete(...request),
  };
}
