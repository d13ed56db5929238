import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { Knex } from 'knex';
import { databaseTime } from '../database/databaseTime';
import type { AuditEffect } from './AuditLog';
import type {
  AuditPosition,
  AuditQuery,
  AuditResult,
  AuditScope,
  AuditStore,
  EffectiveEntry,
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
  object_uid: string | null;
  object_version: string | null;
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

function effectiveOf(row: Row): EffectiveEntry {
  const { object_uid: uid, object_version: resourceVersion } = row;
  return {
    entry: entryOf(row),
    ...(uid !== null &&
      resourceVersion !== null && { effect: { uid, resourceVersion } }),
  };
}

/** Narrows a query to what the caller may be told of. */
function within(select: Knex.QueryBuilder, scope: AuditScope) {
  if (scope === 'all') return;
  select.where(either =>
    either.where('actor', scope.actor).orWhereIn('cluster', scope.clusters),
  );
}

/** Narrows a query to a kind, or one object. */
function about(
  select: Knex.QueryBuilder,
  { group, plural, namespace, name }: NonNullable<AuditQuery['object']>,
) {
  if (plural !== undefined) select.where('resource_plural', plural);
  if (name !== undefined) select.where('resource_name', name);
  if (group !== undefined) {
    select.where(either => {
      either.where('resource_group', group);
      // What was refused early may not say that it is of the core group.
      if (group === '') either.orWhereNull('resource_group');
    });
  }
  if (namespace === null) select.whereNull('resource_namespace');
  else if (namespace !== undefined) {
    select.where('resource_namespace', namespace);
  }
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
      object_uid: result.effect?.uid,
      object_version: result.effect?.resourceVersion,
    });
  }

  async list(
    query: AuditQuery,
  ): Promise<{ entries: Schema<'AuditEntry'>[]; next?: AuditPosition }> {
    const { entries, next } = await this.listEffective(query);
    return { entries: entries.map(({ entry }) => entry), next };
  }

  async find(ids: readonly string[]): Promise<Schema<'AuditEntry'>[]> {
    if (ids.length === 0) return [];
    const rows = await this.database<Row>(TABLE).whereIn('id', [...ids]);
    return rows.map(entryOf);
  }

  async ofEffects(query: {
    cluster: string;
    scope: AuditScope;
    effects: readonly AuditEffect[];
  }): Promise<Required<EffectiveEntry>[]> {
    const { cluster, scope, effects } = query;
    if (effects.length === 0) return [];
    const select = this.database<Row>(TABLE)
      .where({ cluster })
      .whereIn(
        ['object_uid', 'object_version'],
        effects.map(({ uid, resourceVersion }) => [uid, resourceVersion]),
      )
      // Two that led to the same: the later one changed nothing.
      .orderBy('at', 'desc');
    within(select, scope);
    const rows: Row[] = await select;
    return rows
      .map(effectiveOf)
      .flatMap(({ entry, effect }) => (effect ? [{ entry, effect }] : []));
  }

  async listEffective(
    query: AuditQuery,
  ): Promise<{ entries: EffectiveEntry[]; next?: AuditPosition }> {
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
    within(select, scope);
    if (query.object) about(select, query.object);
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
      entries: page.map(effectiveOf),
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
