/** One effect per Idempotency-Key: twenty equal requests over two back ends on one database, and a back end that dies. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from './support/createDatabase.ts';
import type { TestDatabase } from './support/createDatabase.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer } from './support/TestPortal.ts';

const EQUAL_REQUESTS = 20;
/** A dead instance's request may be taken over within thirty seconds. */
const TAKE_OVER_MS = 30_000;

let database: TestDatabase;
let portals: [TestPortal, TestPortal];
let cluster: string;

const start = (postgres: string) =>
  TestPortal.start({
    postgres,
    encryptionKey: Buffer.alloc(32, 7).toString('base64'),
  });

before(async () => {
  database = await createDatabase();
  // One after the other: two that migrate an empty database at once get in each other's way.
  const first = await start(database.url);
  portals = [first, await start(database.url)];
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const { status, body } = await first.call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-eu', kubeconfig },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
});

after(async () => {
  for (const name of ['once', 'killed', 'others']) {
    await portals?.[1]
      .call(`DELETE /clusters/${cluster}/namespaces/idempotency-${name}`, {
        as: 'admin',
      })
      .catch(() => undefined);
  }
  await Promise.all((portals ?? []).map(portal => portal.stop()));
});

function create(
  portal: TestPortal,
  options: {
    name: string;
    key: string;
    as?: 'operator' | 'admin';
    labels?: Record<string, string>;
  },
): Promise<Answer> {
  const { name, key, as = 'operator', labels = {} } = options;
  return portal.call(`POST /clusters/${cluster}/namespaces`, {
    as,
    headers: { 'Idempotency-Key': key },
    body: { name: `idempotency-${name}`, labels },
  });
}

async function auditEntries(name: string) {
  const { body } = await portals[1].call(
    `GET /audit?search=idempotency-${name}&limit=500`,
    { as: 'admin' },
  );
  return body.entries as { actor: string; outcome: string }[];
}

test('twenty equal requests on two back ends have one effect and one entry', async () => {
  // The second back end has to have heard of the cluster.
  await sleep(3000);
  const answers = await Promise.all(
    Array.from({ length: EQUAL_REQUESTS }, (_, index) =>
      create(portals[index % 2], { name: 'once', key: 'key-once' }),
    ),
  );
  const done = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status !== 200);
  assert.ok(done.length >= 1);
  for (const { body } of done) assert.deepEqual(body, done[0].body);
  for (const { status, headers, body } of refused) {
    assert.equal(status, 409, JSON.stringify(body));
    assert.ok(Number(headers.get('retry-after')) > 0);
  }
  const entries = await auditEntries('once');
  assert.deepEqual(
    entries.map(({ outcome }) => outcome),
    ['succeeded'],
  );

  const again = await create(portals[1], { name: 'once', key: 'key-once' });
  assert.equal(again.status, 200);
  assert.deepEqual(again.body, done[0].body);
  assert.equal((await auditEntries('once')).length, 1);
});

test('the same key with another body is refused', async () => {
  const { status, body } = await create(portals[0], {
    name: 'once',
    key: 'key-once',
    labels: { team: 'other' },
  });
  assert.equal(status, 422, JSON.stringify(body));
});

test('the same key of another user is another request', async () => {
  const own = await create(portals[0], { name: 'others', key: 'key-shared' });
  assert.equal(own.status, 200);
  const other = await create(portals[1], {
    name: 'others',
    key: 'key-shared',
    as: 'admin',
  });
  // It is done, and finds that the namespace is there.
  assert.equal(other.status, 409);
  assert.doesNotMatch(other.body.error.message, /still running/);
});

test('a back end killed between its change and its commit is resolved by the other', async () => {
  // The entry of the audit is completed when the change is done: that is where the back end is held.
  await database.query(`
    CREATE FUNCTION k8s.hold() RETURNS trigger AS $$
    BEGIN PERFORM pg_sleep(120); RETURN NEW; END $$ LANGUAGE plpgsql;
    CREATE TRIGGER hold BEFORE UPDATE ON k8s.audit_entries
    FOR EACH ROW EXECUTE FUNCTION k8s.hold();`);
  const request = { name: 'killed', key: 'key-killed' };
  const held = create(portals[0], request).catch(() => undefined);
  const holding = `SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'PgSleep'`;
  while ((await database.query(holding)).length === 0) await sleep(100);
  portals[0].backEnd.process.kill('SIGKILL');
  await held;
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM (${holding}) held`,
  );
  await database.query(`
    DROP TRIGGER hold ON k8s.audit_entries;
    DROP FUNCTION k8s.hold();`);

  const early = await create(portals[1], request);
  assert.ok([409, 200].includes(early.status), JSON.stringify(early.body));
  const deadline = Date.now() + TAKE_OVER_MS;
  let answer = early;
  while (answer.status === 409 && Date.now() < deadline) {
    await sleep(1000);
    answer = await create(portals[1], request);
  }
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  assert.equal(answer.body.name, 'idempotency-killed');
  const { body } = await portals[1].call(
    `GET /clusters/${cluster}/namespaces`,
    { as: 'operator' },
  );
  const created = body.namespaces.filter(
    ({ name }: { name: string }) => name === 'idempotency-killed',
  );
  assert.equal(created.length, 1);
  const outcomes = (await auditEntries('killed')).map(({ outcome }) => outcome);
  // What the killed one set out to do stays visible as such.
  assert.deepEqual(outcomes, ['succeeded', 'pending']);
});
