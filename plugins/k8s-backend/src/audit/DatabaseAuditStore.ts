import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { Knex } from 'knex';
import { databaseTime } from '../database/databaseTime';
import type {
  AuditPosition,
  AuditQuery,
  AuditResult,
  AuditStore,
  NewAuditEntry,
} from './AuditStore';

const TABLE = 'audit_entries';
const SEARCHED = [
  'actor',
  'action',
  'cluster_name',
  'resource_namespace',
  'resource_name',
  'reason',
];

interface Row {
  id: string;
  // PostgreSQL answers 64 bit integers as text.
  at: number | string;
  actor: string;
  action: string;
  outcome: Schema<'AuditOutcome'>;
  reason: string | null;
  cluster: string | null;
  cluster_name: string | null;
  resource_group: string | null;
  resource_plural: string | null;
  resource_namespace: string | null;
  resource_name: string | null;
  details: string | null;
  duration_ms: number | string | null;
  request_id: string;
}

/** The value, or no field at all. */
function present<Key extends string, Value>(key: Key, value: Value | null) {
  return (value === null ? {} : { [key]: value }) as { [K in Key]?: Value };
}

function entryOf(row: Row): Schema<'AuditEntry'> {
  return {
    id: row.id,
    at: new Date(Number(row.at)).toISOString(),
    actor: row.actor,
    action: row.action,
    outcome: row.outcome,
    ...present('reason', row.reason),
    ...present('cluster', row.cluster),
    ...present('clusterName', row.cluster_name),
    ...(row.resource_plural !== null && {
      resource: {
        ...present('group', row.resource_group),
        plural: row.resource_plural,
        ...present('namespace', row.resource_namespace),
        ...present('name', row.resource_name),
      },
    }),
    ...present('details', row.details && JSON.parse(row.details)),
    ...(row.duration_ms !== null && { durationMs: Number(row.duration_ms) }),
    requestId: row.request_id,
  };
}

/** Keeps audit entries in a table. */
export class DatabaseAuditStore implements AuditStore {
  constructor(private readonly database: Knex) {}

  async add(entry: NewAuditEntry): Promise<void> {
    await this.database(TABLE).insert({
      id: entry.id,
      at: databaseTime(this.database),
      actor: entry.actor,
      action: entry.action,
      outcome: entry.outcome,
      reason: entry.reason,
      cluster: entry.cluster,
      cluster_name: entry.clusterName,
      resource_group: entry.resource?.group,
      resource_plural: entry.resource?.plural,
      resource_namespace: entry.resource?.namespace,
      resource_name: entry.resource?.name,
      details: entry.details && JSON.stringify(entry.details),
      request_id: entry.requestId,
    });
  }

  async complete(id: string, result: AuditResult): Promise<void> {
    await this.database(TABLE).where({ id, outcome: 'pending' }).update({
      outcome: result.outcome,
      reason: result.reason,
      duration_ms: result.durationMs,
    });
  }

  async list(
    query: AuditQuery,
  ): Promise<{ entries: Schema<'AuditEntry'>[]; next?: AuditPosition }> {
    const select = this.database<Row>(TABLE)
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(query.limit + 1);
    const equal = {
      actor: query.actor,
      action: query.action,
      cluster: query.cluster,
      outcome: query.outcome,
    };
    for (const [column, value] of Object.entries(equal)) {
      if (value !== undefined) select.where(column, value);
    }
    if (query.from !== undefined) select.where('at', '>=', query.from);
    if (query.to !== undefined) select.where('at', '<=', query.to);
    const { scope, after, search } = query;
    if (scope !== 'all') {
      select.where(either =>
        either.where('actor', scope.actor).orWhereIn('cluster', scope.clusters),
      );
    }
    if (after) {
      select.where(either =>
        either
          .where('at', '<', after.at)
          .orWhere(same =>
            same.where('at', after.at).where('id', '<', after.id),
          ),
      );
    }
    if (search) {
      const pattern = `%${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
      select.where(any => {
        for (const column of SEARCHED) {
          any.orWhereRaw("lower(??) like ? escape '\\'", [column, pattern]);
        }
      });
    }
    const rows: Row[] = await select;
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      entries: page.map(entryOf),
      ...(rows.length > query.limit &&
        last && { next: { at: Number(last.at), id: last.id } }),
    };
  }

  async prune(olderThanMs: number): Promise<number> {
    return this.database(TABLE)
      .where(
        'at',
        '<',
        this.database.raw('(? - ?)', [
          databaseTime(this.database),
          olderThanMs,
        ]),
      )
      .delete();
  }
}
