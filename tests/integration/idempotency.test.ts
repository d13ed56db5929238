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
  for (const name of ['once', 'killed', 'others', 'paused']) {
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

/** Statements of this database that sleep, as the triggers of these tests do. */
const HOLDING = `SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event = 'PgSleep'`;

/** Repeats a request at the second back end until that has taken it over. */
async function takenOver(request: () => Promise<Answer>): Promise<Answer> {
  const deadline = Date.now() + TAKE_OVER_MS;
  let answer = await request();
  while (answer.status === 409 && Date.now() < deadline) {
    await sleep(1000);
    answer = await request();
  }
  return answer;
}

test('a back end that was paused between its look and its change changes nothing when it goes on', async () => {
  const namespace = 'idempotency-paused';
  assert.equal(
    (await create(portals[0], { name: 'paused', key: 'a' })).status,
    200,
  );
  const labels = { app: 'paused' };
  const created = await portals[0].call(
    `POST /clusters/${cluster}/deployments`,
    {
      as: 'operator',
      body: {
        name: 'paused',
        namespace,
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'app', image: 'example.org/app:1' }] },
          },
        },
      },
    },
  );
  assert.equal(created.status, 200, JSON.stringify(created.body));
  const path = `/clusters/${cluster}/deployments/${namespace}/paused`;
  const restart = (portal: TestPortal) =>
    portal.call(`POST ${path}/restart`, {
      as: 'operator',
      headers: { 'Idempotency-Key': 'key-paused' },
    });
  // The intent is written between the two.
  await database.query(`
    CREATE FUNCTION k8s.hold() RETURNS trigger AS $$
    BEGIN PERFORM pg_sleep(3); RETURN NEW; END $$ LANGUAGE plpgsql;
    CREATE TRIGGER hold BEFORE INSERT ON k8s.audit_entries
    FOR EACH ROW EXECUTE FUNCTION k8s.hold();`);
  const paused = restart(portals[0]);
  while ((await database.query(HOLDING)).length === 0) await sleep(20);
  portals[0].backEnd.process.kill('SIGSTOP');
  await sleep(4000);
  await database.query(`
    DROP TRIGGER hold ON k8s.audit_entries;
    DROP FUNCTION k8s.hold();`);

  const answer = await takenOver(() => restart(portals[1]));
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const revisions = async () => {
    const { body } = await portals[1].call(`GET ${path}`, { as: 'operator' });
    return body.revisions.map(({ revision }: { revision: number }) => revision);
  };
  assert.deepEqual(await revisions(), [2, 1]);
  portals[0].backEnd.process.kill('SIGCONT');
  const late = await paused;
  assert.ok([200, 409].includes(late.status), JSON.stringify(late.body));
  // Long enough for a second rollout to be seen.
  await sleep(3000);
  assert.deepEqual(await revisions(), [2, 1]);
  // What is stored is the answer of the one that did it.
  assert.deepEqual((await restart(portals[0])).body, answer.body);
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
  while ((await database.query(HOLDING)).length === 0) await sleep(100);
  portals[0].backEnd.process.kill('SIGKILL');
  await held;
  await database.query(
    `SELECT pg_terminate_backend(pid) FROM (${HOLDING}) held`,
  );
  await database.query(`
    DROP TRIGGER hold ON k8s.audit_entries;
    DROP FUNCTION k8s.hold();`);

  const answer = await takenOver(() => create(portals[1], request));
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
