/** Nothing is changed that cannot be audited; what is refused is audited too. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from './support/createDatabase.ts';
import type { TestDatabase } from './support/createDatabase.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

const NAMESPACE = 'audit-test';
/** Pools need a moment to notice that the database is back. */
const RECOVERY_MS = 30_000;

let database: TestDatabase;
let portal: TestPortal;
let cluster: string;

before(async () => {
  database = await createDatabase();
  portal = await TestPortal.start({ postgres: database.url });
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-eu', kubeconfig },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
});

after(async () => {
  await database?.setAway(false);
  await portal
    ?.call(`DELETE /clusters/${cluster}/namespaces/${NAMESPACE}`, {
      as: 'admin',
    })
    .catch(() => undefined);
  await portal?.stop();
});

async function namespaces(): Promise<string[]> {
  const { status, body } = await portal.call(
    `GET /clusters/${cluster}/namespaces`,
    { as: 'operator' },
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body.namespaces.map(({ name }: { name: string }) => name);
}

const create = (as: 'operator' | 'viewer') =>
  portal.call(`POST /clusters/${cluster}/namespaces`, {
    as,
    body: { name: NAMESPACE },
  });

async function entries(query = '') {
  const { body } = await portal.call(`GET /audit?limit=100${query}`, {
    as: 'admin',
  });
  return body.entries;
}

test('without the database nothing is changed, and reads go on', async () => {
  assert.ok(!(await namespaces()).includes(NAMESPACE));
  await portal.token('viewer');
  await database.setAway(true);
  try {
    const { status, headers, body } = await create('operator');
    assert.equal(status, 503, JSON.stringify(body));
    assert.ok(Number(headers.get('retry-after')) > 0);
    assert.doesNotMatch(JSON.stringify(body), /select|insert|knex|postgres/i);
    assert.ok(!(await namespaces()).includes(NAMESPACE));
  } finally {
    await database.setAway(false);
  }
  const deadline = Date.now() + RECOVERY_MS;
  let answer = await create('operator');
  while (answer.status === 503 && Date.now() < deadline) {
    await sleep(500);
    answer = await create('operator');
  }
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const made = await entries('&action=namespace.create');
  assert.deepEqual(
    made.map(({ outcome }: { outcome: string }) => outcome),
    ['succeeded'],
  );
});

test('each refusal is one entry with who, what and why', async () => {
  const count = (await entries()).length;
  assert.equal((await create('viewer')).status, 403);
  const [refused, ...others] = await entries();
  assert.equal(others.length, count);
  assert.equal(refused.actor, 'user:default/viewer');
  assert.equal(refused.action, 'namespace.create');
  assert.equal(refused.outcome, 'refused');
  assert.match(refused.reason, /K8sOperator/);
  assert.equal(refused.cluster, cluster);
});

test('somebody without a token is audited as such, with what they tried', async () => {
  const path = `/clusters/${cluster}/deployments/default/payments`;
  const { status, body } = await portal.call(`DELETE ${path}`);
  assert.equal(status, 401);
  assert.equal(body.error.stack, undefined);
  const [entry] = await entries('&actor=anonymous');
  assert.equal(entry.action, 'deployment.delete');
  assert.deepEqual(entry.resource, {
    group: 'apps',
    plural: 'deployments',
    namespace: 'default',
    name: 'payments',
  });
});

test('a request that is not valid is audited without what it held', async () => {
  const secret = 'planted-secret-in-a-bad-request';
  const { status } = await portal.call(`POST /clusters/${cluster}/namespaces`, {
    as: 'operator',
    body: { name: NAMESPACE, password: secret },
  });
  assert.equal(status, 400);
  const [entry] = await entries();
  assert.equal(entry.outcome, 'refused');
  assert.doesNotMatch(JSON.stringify(entry), new RegExp(secret));
});

test('others see only their own entries, newest first, page by page', async () => {
  const { body } = await portal.call('GET /audit?limit=1', { as: 'viewer' });
  assert.equal(body.scope, 'own');
  assert.equal(body.entries.length, 1);
  assert.equal(body.entries[0].actor, 'user:default/viewer');
  const everything = await entries();
  const paged = [];
  let token: string | undefined;
  do {
    const query = token ? `&continue=${token}` : '';
    const page = await portal.call(`GET /audit?limit=2${query}`, {
      as: 'admin',
    });
    paged.push(...page.body.entries);
    token = page.body.continue;
  } while (token);
  assert.deepEqual(paged, everything);
  const bad = await portal.call('GET /audit?continue=AAAA', { as: 'admin' });
  assert.equal(bad.status, 400);
});
