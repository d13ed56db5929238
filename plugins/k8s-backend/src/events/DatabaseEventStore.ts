import type { Knex } from 'knex';
import { eventTime } from '../workloads/WorkloadObjects';
import type { EventObject } from '../workloads/WorkloadObjects';
import type { EventQuery, EventStore } from './EventStore';

const TABLE = 'event_history';
/** Rows of one statement; SQLite takes some tens of thousands of values. */
const ROWS_PER_INSERT = 200;
/** More than this nobody reads; a page shows groups of them. */
const MAX_LISTED = 5_000;
/** Of one cluster; a cluster that is ill can make more in a day. */
const MAX_KEPT = 200_000;
/** Characters of a message; Kubernetes itself allows 1024. */
const MAX_MESSAGE = 2_048;

/** Characters of the columns. An API server does not check what an event says that it is about. */
const MAX_KIND = 63;
const MAX_NAME = 253;

interface EventRow {
  cluster_id: string;
  uid: string;
  namespace: string;
  involved_kind: string;
  involved_name: string;
  event: string;
  last_seen: string | number;
}

/** Whether PostgreSQL can keep a text; one that it cannot would take all others of its statement with it. */
function fits(text: string, length: number): boolean {
  return text.length <= length && !text.includes('\0');
}

/** What of an event is kept. */
function keptOf(event: EventObject): EventObject {
  const { metadata } = event;
  return {
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      uid: metadata.uid,
      creationTimestamp: metadata.creationTimestamp,
    },
    type: event.type,
    reason: event.reason,
    message: event.message?.slice(0, MAX_MESSAGE),
    count: event.count,
    firstTimestamp: event.firstTimestamp,
    lastTimestamp: event.lastTimestamp,
    eventTime: event.eventTime,
    series: event.series,
    involvedObject: event.involvedObject,
    source: event.source,
    reportingComponent: event.reportingComponent,
  };
}

/** Keeps events in the database. */
export class DatabaseEventStore implements EventStore {
  readonly #database: Knex;

  constructor(database: Knex) {
    this.#database = database;
  }

  async keep(cluster: string, events: readonly EventObject[]): Promise<void> {
    const rows = events.flatMap((event): EventRow[] => {
      const lastSeen = Date.parse(eventTime(event));
      const { uid, namespace = '' } = event.metadata;
      if (uid === undefined || Number.isNaN(lastSeen)) return [];
      const involvedKind = String(event.involvedObject?.kind ?? '');
      const involvedName = String(event.involvedObject?.name ?? '');
      const isName =
        fits(involvedKind, MAX_KIND) && fits(involvedName, MAX_NAME);
      if (!isName) return [];
      return [
        {
          cluster_id: cluster,
          uid,
          namespace,
          involved_kind: involvedKind,
          involved_name: involvedName,
          event: JSON.stringify(keptOf(event)),
          last_seen: lastSeen,
        },
      ];
    });
    for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
      await this.#insert(rows.slice(start, start + ROWS_PER_INSERT), cluster);
    }
  }

  async list(query: EventQuery): Promise<EventObject[]> {
    const { cluster, namespace, involved, since } = query;
    const rows: Pick<EventRow, 'event'>[] = await this.#database(TABLE)
      .where({
        cluster_id: cluster,
        ...(namespace !== undefined && { namespace }),
        ...(involved && {
          involved_kind: involved.kind,
          involved_name: involved.name,
        }),
      })
      .where('last_seen', '>=', since)
      .orderBy('last_seen', 'desc')
      .limit(MAX_LISTED)
      .select('event');
    return rows.map(({ event }) => JSON.parse(event) as EventObject);
  }

  async prune(keepMs: number): Promise<void> {
    await this.#database(TABLE)
      .where('last_seen', '<', Date.now() - keepMs)
      .delete();
    const clusters: { cluster_id: string; count: string | number }[] =
      await this.#database(TABLE)
        .groupBy('cluster_id')
        .select('cluster_id')
        .count({ count: '*' });
    for (const { cluster_id: cluster, count } of clusters) {
      if (Number(count) <= MAX_KEPT) continue;
      const oldest = await this.#database(TABLE)
        .where({ cluster_id: cluster })
        .orderBy('last_seen', 'desc')
        .offset(MAX_KEPT)
        .first('last_seen');
      if (!oldest) continue;
      await this.#database(TABLE)
        .where({ cluster_id: cluster })
        .where('last_seen', '<=', oldest.last_seen)
        .delete();
    }
  }

  async #insert(rows: EventRow[], cluster: string): Promise<void> {
    await this.#database.transaction(async transaction => {
      // It may have been removed since its events were read.
      const registered = await transaction('clusters')
        .where({ id: cluster })
        .first('id');
      if (!registered) return;
      await transaction(TABLE)
        .insert(rows)
        .onConflict(['cluster_id', 'uid'])
        .merge(['event', 'last_seen']);
    });
  }
}
