import { TestDatabases } from '@backstage/backend-test-utils';
import type { TestDatabaseId } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { MIGRATIONS } from '../openDatabase';

const POSTGRES = 'BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING';

/**
 * The databases that stores are tested on. Without a PostgreSQL (its connection string is in an environment variable) only
 * SQLite is tested on a developer's machine; in CI that is a failure.
 */
export function storeDatabases(): {
  ids: TestDatabaseId[];
  /** A new database with all tables. */
  open(id: TestDatabaseId): Promise<Knex>;
} {
  if (process.env.CI && !process.env[POSTGRES]) {
    throw new Error(`Stores are tested on PostgreSQL too: set ${POSTGRES}`);
  }
  const databases = TestDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_18'],
    disableDocker: true,
  });
  return {
    ids: databases.eachSupportedId().map(([id]) => id),
    async open(id) {
      const database = await databases.init(id);
      await database.migrate.latest({ directory: MIGRATIONS });
      return database;
    },
  };
}
