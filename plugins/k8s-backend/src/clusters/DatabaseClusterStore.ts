import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { RevisedRows } from '../database/RowMirror';
import { databaseTime } from '../database/databaseTime';
import { storeError } from './clusterConflicts';
import { columnsOf, recordOf } from './clusterColumns';
import type { ClusterRow } from './clusterColumns';
import type { RegisteredCluster } from './ClusterStore';
import type { SealedCredential } from './CredentialCipher';

const TABLE = 'clusters';

/** A cluster with its sealed credential. */
export interface ClusterRecord {
  cluster: RegisteredCluster;
  sealed: SealedCredential;
}

/** The table of clusters. Credentials pass through it sealed. */
export class DatabaseClusterStore implements RevisedRows<ClusterRecord> {
  readonly #database: Knex;

  constructor(database: Knex) {
    this.#database = database;
  }

  async revisions(): Promise<Map<string, number>> {
    const rows = await this.#rows().select('id', 'revision');
    return new Map(rows.map(({ id, revision }) => [id, revision]));
  }

  async load(ids: readonly string[]): Promise<Map<string, ClusterRecord>> {
    const rows: ClusterRow[] = await this.#rows().whereIn('id', [...ids]);
    return new Map(rows.map(row => [row.id, recordOf(row)]));
  }

  /** The cluster that the request with this marker registered, if it did. */
  async findByMarker(marker: string): Promise<ClusterRecord | undefined> {
    const row = await this.#rows().where({ request_marker: marker }).first();
    return row && recordOf(row);
  }

  /** @throws ConflictError when something of it is taken, ServiceUnavailableError when the database does not answer */
  async insert(
    record: ClusterRecord,
    options: { marker?: string },
  ): Promise<void> {
    const now = databaseTime(this.#database);
    await this.#write(database =>
      database(TABLE).insert({
        ...columnsOf(record),
        request_marker: options.marker ?? null,
        created_at: now,
        updated_at: now,
      }),
    );
  }

  /** Writes the next revision over the record's. @throws NotFoundError, ConflictError, ServiceUnavailableError */
  async update(record: ClusterRecord): Promise<void> {
    const { id, revision } = record.cluster;
    const next = {
      ...record,
      cluster: { ...record.cluster, revision: revision + 1 },
    };
    const written = await this.#write(database =>
      database(TABLE)
        .where({ id, revision })
        .update({
          ...columnsOf(next),
          updated_at: databaseTime(database),
        }),
    );
    if (written > 0) return;
    const exists = await this.#write(database =>
      database(TABLE).where({ id }).first('id'),
    );
    if (!exists) throw new NotFoundError('The cluster was removed meanwhile');
    throw new ConflictError(
      'The cluster was changed by somebody else meanwhile; load it again',
    );
  }

  /** @throws NotFoundError, ServiceUnavailableError */
  async remove(id: string): Promise<void> {
    const removed = await this.#write(database =>
      database.transaction<number>(async transaction => {
        // Not left to the foreign keys: SQLite obeys them only where it was told to.
        await transaction('cluster_health_history')
          .where({ cluster_id: id })
          .delete();
        await transaction('cluster_health').where({ cluster_id: id }).delete();
        const removedRows: number = await transaction(TABLE)
          .where({ id })
          .delete();
        return removedRows;
      }),
    );
    if (removed === 0) {
      throw new NotFoundError('The cluster was removed meanwhile');
    }
  }

  /** Records whose data key is wrapped with another key, by id, after this one. */
  async recordsOfOtherKeys(
    keyId: string,
    options: { after: string; limit: number },
  ): Promise<ClusterRecord[]> {
    const rows: ClusterRow[] = await this.#rows()
      .whereNot({ key_id: keyId })
      .where('id', '>', options.after)
      .orderBy('id')
      .limit(options.limit);
    return rows.map(recordOf);
  }

  /** Replaces a wrapped key unless the row changed meanwhile; answers whether it did. */
  async replaceKey(
    { cluster, sealed }: ClusterRecord,
    renewed: SealedCredential,
  ): Promise<boolean> {
    const written = await this.#rows()
      .where({
        id: cluster.id,
        key_id: sealed.keyId,
        wrapped_key: sealed.wrappedKey,
      })
      .update({
        key_id: renewed.keyId,
        wrapped_key: renewed.wrappedKey,
        revision: this.#database.raw('revision + 1'),
      });
    return written > 0;
  }

  #rows() {
    return this.#database<ClusterRow>(TABLE);
  }

  async #write<T>(work: (database: Knex) => PromiseLike<T>): Promise<T> {
    try {
      return await work(this.#database);
    } catch (error) {
      throw storeError(error);
    }
  }
}
