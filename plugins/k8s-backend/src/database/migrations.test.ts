import { databaseTime } from './databaseTime';
import { MIGRATIONS } from './openDatabase';
import { storeDatabases } from './__testUtils__/storeDatabases';

jest.setTimeout(60_000);

const databases = storeDatabases();

describe.each(databases.ids)('migrations on %s', id => {
  it('go down to nothing and up again', async () => {
    const database = await databases.open(id);
    await database.migrate.rollback({ directory: MIGRATIONS }, true);
    expect(await database.schema.hasTable('audit_entries')).toBe(false);
    expect(await database.schema.hasTable('idempotency_keys')).toBe(false);
    await database.migrate.latest({ directory: MIGRATIONS });
    expect(await database.schema.hasTable('audit_entries')).toBe(true);
    expect(await database.schema.hasTable('idempotency_keys')).toBe(true);
  });

  it('the clock of the database gives whole milliseconds', async () => {
    const database = await databases.open(id);
    const { now } = await database.first({ now: databaseTime(database) });
    expect(Number.isInteger(Number(now))).toBe(true);
    // The same machine: days would mean a wrong epoch, hours a time zone.
    expect(Math.abs(Number(now) - Date.now())).toBeLessThan(60_000);
  });
});
