import { setTimeout as wait } from 'node:timers/promises';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type {
  DatabaseService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/** Attempts, a second apart: two instances that start on an empty database get in each other's way only once. */
const ATTEMPTS = 30;
const PAUSE_MS = 1000;

/** Where the plugin's migrations are. */
export const MIGRATIONS = resolvePackagePath(
  '@backstage-k8s/plugin-k8s-backend',
  'migrations',
);

/**
 * Opens the plugin's database and brings it up to date, unless the operator does that.
 *
 * @throws the database's error when it still fails after half a minute
 */
export async function openDatabase(options: {
  database: DatabaseService;
  logger: LoggerService;
}): Promise<Knex> {
  const client = await options.database.getClient();
  if (options.database.migrations?.skip) return client;
  for (let attempt = 1; ; attempt++) {
    try {
      await client.migrate.latest({ directory: MIGRATIONS });
      return client;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      options.logger.info('The database is being migrated elsewhere, waiting', {
        attempt,
      });
      await wait(PAUSE_MS);
    }
  }
}
