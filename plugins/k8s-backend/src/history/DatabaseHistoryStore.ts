import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { v7 as orderedUuid } from 'uuid';
import { databaseTime } from '../database/databaseTime';
import { effectKey } from './HistoryStore';
import type {
  ChangeEffect,
  DroppedKind,
  HistoryQuery,
  HistoryStore,
  KeptChange,
  RecordedKind,
  RecordedSpan,
} from './HistoryStore';
import type { ObjectChange } from './ObjectChange';

const TABLE = 'change_history';
const SPANS = 'change_history_spans';
/** Rows of one statement; SQLite takes some tens of thousands of values. */
const ROWS_PER_STATEMENT = 100;
/** Changes of one object; an older one is of no interest when there were so many since. */
const MAX_PER_OBJECT = 200;
/** Of one cluster. */
const MAX_PER_CLUSTER = 100_000;
/** Two times of recording with less than this between them are one: an instance was started again, or another took over. */
const GAP_MS = 60_000;
/** Times that are told of one kind. */
const MAX_SPANS = 100;

/** Characters of the columns. */
const LENGTHS = {
  api_group: 253,
  plural: 253,
  namespace: 63,
  name: 253,
  uid: 128,
  resource_version: 64,
} as const;

interface Row {
  id: string;
  cluster_id: string;
  api_group: string;
  plural: string;
  namespace: string;
  name: string;
  uid: string;
  resource_version: string;
  type: ObjectChange['type'];
  // PostgreSQL answers 64 bit integers as text.
  at: number | string;
  not_before: number | string | null;
  managers: string;
  changes: string;
  omitted: number;
}

interface SpanRow {
  id: string;
  cluster_id: string;
  api_group: string;
  plural: string;
  started_at: number | string;
  ended_at: number | string;
  dropped_from: number | string | null;
  dropped_to: number | string | null;
}

function rowOf(change: ObjectChange): Row {
  return {
    // Changes of one millisecond are in the order in which they were heard of.
    id: orderedUuid(),
    cluster_id: change.cluster,
    api_group: change.group,
    plural: change.plural,
    namespace: change.namespace ?? '',
    name: change.name,
    uid: change.uid,
    resource_version: change.resourceVersion,
    type: change.type,
    at: change.at,
    not_before: change.notBefore === undefined ? null : change.notBefore,
    managers: JSON.stringify(change.managers),
    changes: JSON.stringify(change.changes),
    omitted: change.omitted,
  };
}

function changeOf(row: Row): KeptChange {
  return {
    id: row.id,
    cluster: row.cluster_id,
    group: row.api_group,
    plural: row.plural,
    ...(row.namespace !== '' && { namespace: row.namespace }),
    name: row.name,
    uid: row.uid,
    resourceVersion: row.resource_version,
    type: row.type,
    at: Number(row.at),
    ...(row.not_before !== null && { notBefore: Number(row.not_before) }),
    managers: JSON.parse(row.managers),
    changes: JSON.parse(row.changes),
    omitted: row.omitted,
  };
}

/** Whether PostgreSQL can keep it; what it cannot would take all others of its statement with it. */
function fits(row: Row): boolean {
  return Object.entries(LENGTHS).every(([column, length]) => {
    const text = row[column as keyof typeof LENGTHS];
    return text.length <= length && !text.includes('\0');
  });
}

const isSeen = (row: Row) => row.not_before === null;

/** Each effect once, as it was seen rather than as a list has told of it. */
function distinct(rows: readonly Row[]): Row[] {
  const byEffect = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.cluster_id} ${row.uid} ${row.resource_version}`;
    const known = byEffect.get(key);
    if (!known || (!isSeen(known) && isSeen(row))) byEffect.set(key, row);
  }
  return [...byEffect.values()];
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) {
    yield items.slice(start, start + ROWS_PER_STATEMENT);
  }
}

const kindKey = (kind: {
  cluster_id: string;
  api_group: string;
  plural: string;
}) => `${kind.cluster_id} ${kind.api_group} ${kind.plural}`;

/** Keeps changes in the database. */
export class DatabaseHistoryStore implements HistoryStore {
  readonly #database: Knex;

  constructor(database: Knex) {
    this.#database = database;
  }

  async keep(changes: readonly ObjectChange[]): Promise<void> {
    const rows = distinct(changes.map(rowOf).filter(fits));
    for (const chunk of chunks(rows.filter(isSeen))) {
      await this.#insert(chunk, insert =>
        // What only a list has told of so far is known better now.
        insert
          .merge(['type', 'at', 'not_before', 'managers', 'changes', 'omitted'])
          .whereNotNull(`${TABLE}.not_before`),
      );
    }
    for (const chunk of chunks(rows.filter(row => !isSeen(row)))) {
      await this.#insert(chunk, insert => insert.ignore());
    }
  }

  async list(query: HistoryQuery): Promise<KeptChange[]> {
    const { object, after, limit } = query;
    const select = this.#database<Row>(TABLE)
      .where({
        cluster_id: object.cluster,
        api_group: object.group,
        plural: object.plural,
        namespace: object.namespace ?? '',
        name: object.name,
      })
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(limit);
    if (after) {
      const { at, id } = after;
      select.where(older => {
        older.where('at', '<', at);
        if (id !== undefined) {
          older.orWhere(same => same.where('at', at).where('id', '<', id));
        }
      });
    }
    const rows: Row[] = await select;
    return rows.map(changeOf);
  }

  async known(
    cluster: string,
    effects: readonly ChangeEffect[],
  ): Promise<ReadonlySet<string>> {
    if (effects.length === 0) return new Set();
    const rows: Pick<Row, 'uid' | 'resource_version'>[] =
      await this.#database<Row>(TABLE)
        .where({ cluster_id: cluster })
        .whereIn(
          ['uid', 'resource_version'],
          effects.map(({ uid, resourceVersion }) => [uid, resourceVersion]),
        )
        .select('uid', 'resource_version');
    return new Set(
      rows.map(row =>
        effectKey({ uid: row.uid, resourceVersion: row.resource_version }),
      ),
    );
  }

  async recording(
    kinds: readonly RecordedKind[],
    dropped: readonly DroppedKind[] = [],
  ): Promise<void> {
    const time = () => databaseTime(this.#database);
    const registered = new Set<string>(
      await this.#database('clusters').pluck('id'),
    );
    const current: SpanRow[] = await this.#database<SpanRow>(SPANS).where(
      'ended_at',
      '>=',
      this.#database.raw('(? - ?)', [time(), GAP_MS]),
    );
    const byKind = new Map(current.map(span => [kindKey(span), span]));
    const wanted = new Map(
      kinds
        .filter(({ cluster }) => registered.has(cluster))
        .map(({ cluster, group, plural }) => {
          const kind = { cluster_id: cluster, api_group: group, plural };
          return [kindKey(kind), kind];
        }),
    );
    const goesOn = [...wanted.keys()].flatMap(key => byKind.get(key)?.id ?? []);
    for (const ids of chunks(goesOn)) {
      await this.#database(SPANS)
        .whereIn('id', ids)
        .update({ ended_at: time() });
    }
    const begins = [...wanted].filter(([key]) => !byKind.has(key));
    for (const chunk of chunks(begins)) {
      await this.#database(SPANS).insert(
        chunk.map(([, kind]) => ({
          id: randomUUID(),
          ...kind,
          started_at: time(),
          ended_at: time(),
        })),
      );
    }
    for (const { cluster, group, plural, sinceMs } of dropped) {
      const since = this.#database.raw('(? - ?)', [time(), sinceMs]);
      await this.#database(SPANS)
        .where({ cluster_id: cluster, api_group: group, plural })
        .where('ended_at', '>=', this.#database.raw('(? - ?)', [since, GAP_MS]))
        .update({
          // What was dropped long before is another gap, and is not told of any more.
          dropped_from: this.#database.raw(
            'case when ?? >= (? - ?) then ?? else ? end',
            ['dropped_to', since, GAP_MS, 'dropped_from', since],
          ),
          dropped_to: time(),
        });
    }
  }

  async spans(kind: RecordedKind): Promise<RecordedSpan[]> {
    const rows: SpanRow[] = await this.#database<SpanRow>(SPANS)
      .where({
        cluster_id: kind.cluster,
        api_group: kind.group,
        plural: kind.plural,
      })
      .orderBy('ended_at', 'desc')
      .limit(MAX_SPANS);
    return joined(
      rows.map(row => ({
        from: Number(row.started_at),
        to: Number(row.ended_at),
        ...(row.dropped_from !== null &&
          row.dropped_to !== null && {
            dropped: {
              from: Number(row.dropped_from),
              to: Number(row.dropped_to),
            },
          }),
      })),
    );
  }

  async prune(keepMs: number): Promise<void> {
    const oldest = Date.now() - keepMs;
    await this.#database(TABLE).where('at', '<', oldest).delete();
    await this.#database(SPANS).where('ended_at', '<', oldest).delete();
    await this.#database(SPANS)
      .where('dropped_to', '<', oldest)
      .update({ dropped_from: null, dropped_to: null });
    await this.#pruneBeyond(MAX_PER_OBJECT, ['cluster_id', 'uid']);
    await this.#pruneBeyond(MAX_PER_CLUSTER, ['cluster_id']);
  }

  /** Keeps only the newest of those that have these columns in common. */
  async #pruneBeyond(limit: number, columns: string[]) {
    const numbered = this.#database(TABLE)
      .select('id')
      .rowNumber('number', rows => {
        rows.partitionBy(columns).orderBy('at', 'desc');
      })
      .as('numbered');
    await this.#database(TABLE)
      .whereIn(
        'id',
        this.#database.select('id').from(numbered).where('number', '>', limit),
      )
      .delete();
  }

  async #insert(
    rows: Row[],
    resolve: (
      insert: ReturnType<Knex.QueryBuilder['onConflict']>,
    ) => Knex.QueryBuilder,
  ) {
    await this.#database.transaction(async transaction => {
      // They may have been removed since the changes were heard.
      const registered = new Set<string>(
        await transaction('clusters').pluck('id'),
      );
      const kept = rows.filter(row => registered.has(row.cluster_id));
      if (kept.length === 0) return;
      await resolve(
        transaction(TABLE)
          .insert(kept)
          .onConflict(['cluster_id', 'uid', 'resource_version']),
      );
    });
  }
}

/** Times that touch or overlap as one, the last first; two instances that begin at once note two. */
function joined(spans: readonly RecordedSpan[]): RecordedSpan[] {
  const result: RecordedSpan[] = [];
  for (const span of spans) {
    const later = result.at(-1);
    if (later && span.to >= later.from - GAP_MS) {
      later.from = Math.min(later.from, span.from);
      const gaps = [later.dropped, span.dropped].flatMap(gap => gap ?? []);
      if (gaps.length > 0) {
        later.dropped = {
          from: Math.min(...gaps.map(({ from }) => from)),
          to: Math.max(...gaps.map(({ to }) => to)),
        };
      }
    } else result.push({ ...span });
  }
  return result;
}
