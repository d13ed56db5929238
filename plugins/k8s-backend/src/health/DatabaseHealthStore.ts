import type { Knex } from 'knex';
import type { RevisedRows } from '../database/RowMirror';
import type { ClusterCheck, HealthTransition } from './HealthCheck';

const HEALTH = 'cluster_health';
const HISTORY = 'cluster_health_history';
/** More changes in a week mean flapping, of which nobody reads all. */
const MAX_TRANSITIONS = 500;

interface HealthRow {
  cluster_id: string;
  health: string;
  revision: number;
}

interface HistoryRow {
  component: HealthTransition['component'];
  status: HealthTransition['status'];
  message: string | null;
  at: string | number;
}

/** A check as stored. */
export interface StoredCheck {
  check: ClusterCheck;
  revision: number;
}

/** Keeps the last check of each cluster, and the changes of statuses. */
export class DatabaseHealthStore implements RevisedRows<StoredCheck> {
  readonly #database: Knex;

  constructor(database: Knex) {
    this.#database = database;
  }

  async revisions(): Promise<Map<string, number>> {
    const rows: HealthRow[] = await this.#database(HEALTH).select(
      'cluster_id',
      'revision',
    );
    return new Map(rows.map(row => [row.cluster_id, row.revision]));
  }

  async load(ids: readonly string[]): Promise<Map<string, StoredCheck>> {
    const rows: HealthRow[] = await this.#database(HEALTH).whereIn(
      'cluster_id',
      [...ids],
    );
    return new Map(
      rows.map(({ cluster_id: id, health, revision }) => [
        id,
        { check: JSON.parse(health) as ClusterCheck, revision },
      ]),
    );
  }

  /**
   * Stores a check over the one that it was compared with, and what it changed.
   *
   * @param options - `revision`: of the check before; absent: there was none
   * @returns false, with nothing stored, when another check was stored meanwhile or the cluster is gone
   */
  async save(
    clusterId: string,
    check: ClusterCheck,
    options: { revision?: number; transitions: readonly HealthTransition[] },
  ): Promise<boolean> {
    const { revision, transitions } = options;
    const health = JSON.stringify(check);
    const update = async (database: Knex, before: number) =>
      database(HEALTH)
        .where({ cluster_id: clusterId, revision: before })
        .update({ health, revision: before + 1 });
    // Most checks change no status. One statement is enough then: the row is there only as long as its cluster.
    if (revision !== undefined && transitions.length === 0) {
      return (await update(this.#database, revision)) > 0;
    }
    return this.#database.transaction(async transaction => {
      const cluster = await transaction('clusters')
        .where({ id: clusterId })
        .first('id');
      if (!cluster) return false;
      const written =
        revision === undefined
          ? await transaction(HEALTH)
              .insert({ cluster_id: clusterId, health, revision: 1 })
              .onConflict('cluster_id')
              .ignore()
              .returning('cluster_id')
              .then((rows: unknown[]) => rows.length)
          : await update(transaction, revision);
      if (written === 0) return false;
      if (transitions.length > 0) {
        await transaction(HISTORY).insert(
          transitions.map(({ component, status, message, at }) => ({
            cluster_id: clusterId,
            component,
            status,
            message: message ?? null,
            at: Date.parse(at),
          })),
        );
      }
      return true;
    });
  }

  /** The changes of a cluster's statuses, newest first. */
  async history(clusterId: string): Promise<HealthTransition[]> {
    const rows: HistoryRow[] = await this.#database(HISTORY)
      .where({ cluster_id: clusterId })
      .orderBy([
        { column: 'at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(MAX_TRANSITIONS);
    return rows.map(({ component, status, message, at }) => ({
      component,
      status,
      ...(message !== null && { message }),
      at: new Date(Number(at)).toISOString(),
    }));
  }

  /** Forgets changes that are older. */
  async prune(keepMs: number): Promise<void> {
    await this.#database(HISTORY)
      .where('at', '<', Date.now() - keepMs)
      .delete();
  }
}
