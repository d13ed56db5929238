import type { Knex } from 'knex';

/**
 * The database's clock as integer milliseconds since 1970, for use in a query. Instances compare times with each other, and
 * only the database has one clock.
 */
export function databaseTime(database: Knex): Knex.Raw {
  return database.client.config.client === 'pg'
    ? database.raw(
        'cast(extract(epoch from clock_timestamp()) * 1000 as bigint)',
      )
    : // Days since 4714 BC; 2440587.5 of them passed until 1970.
      database.raw(
        "cast(round((julianday('now') - 2440587.5) * 86400000) as integer)",
      );
}
