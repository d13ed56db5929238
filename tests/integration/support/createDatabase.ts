import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { Client } = createRequire(
  join(process.cwd(), 'packages/backend/package.json'),
)('pg');

/** An empty database on the PostgreSQL of the tests. */
export interface TestDatabase {
  /** For TestPortal and for looking into it. */
  url: string;
  /** Asks the database itself. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** While true, connections to it are refused and open ones are closed. */
  setAway(away: boolean): Promise<void>;
  /** Keeps a copy of all that is in it; nobody may be connected. */
  backUp(): Promise<void>;
  /** It is gone, whoever is connected. */
  lose(): Promise<void>;
  /** Makes it again from the copy. */
  restore(): Promise<void>;
}

/** @throws when TEST_POSTGRES_URL, which `./portal test` sets, leads to no PostgreSQL */
export async function createDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_POSTGRES_URL;
  if (!server) throw new Error('TEST_POSTGRES_URL is not set');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const ask = async (url: string, sql: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query(sql);
      return rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  };
  await ask(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: sql => ask(url.href, sql),
    backUp: async () => {
      await ask(server, `CREATE DATABASE ${name}_backup TEMPLATE ${name}`);
    },
    lose: async () => {
      await ask(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
    restore: async () => {
      await ask(server, `CREATE DATABASE ${name} TEMPLATE ${name}_backup`);
    },
    async setAway(away) {
      // Superusers are let in despite connection limits, so the database itself has to refuse.
      await ask(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${!away}`);
      if (!away) return;
      await ask(
        server,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      );
    },
  };
}
