/**
 * A backup of the database, and the key, bring everything back: with a database that is lost while the portal is down, and with one
 * that is put back to an older state under a running portal.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from './support/createDatabase.ts';
import type { TestDatabase } from './support/createDatabase.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

const KEY = Buffer.alloc(32, 11).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 12).toString('base64');
const SEEN_WITHIN_MS = 60_000;

let database: TestDatabase;
let portal: TestPortal | undefined;

const start = async (encryptionKey = KEY) => {
  portal = await TestPortal.start({ postgres: database.url, encryptionKey });
  return portal;
};
const stop = async () => {
  await portal?.stop();
  portal = undefined;
};

before(async () => {
  database = await createDatabase();
});

after(stop);

/** What the portal knows, without what changes by itself. */
async function everything(of: TestPortal) {
  const { body } = await of.call('GET /clusters', { as: 'admin' });
  const { body: audit } = await of.call(
    'GET /audit?limit=500&to=2100-01-01T00:00:00Z',
    { as: 'admin' },
  );
  return {
    clusters: body.clusters.map(
      ({ id, name, labels, owner, createdAt }: Record<string, unknown>) => ({
        ...{ id, name, labels, owner, createdAt },
      }),
    ),
    registrations: audit.entries.filter(
      ({ action }: { action: string }) => action === 'cluster.register',
    ),
  };
}

async function untilStatus(of: TestPortal, id: string, status: string) {
  const giveUpAt = Date.now() + SEEN_WITHIN_MS;
  for (;;) {
    const { body } = await of.call(`POST /clusters/${id}/health`, {
      as: 'admin',
    });
    if (body.status === status) return body;
    assert.ok(Date.now() < giveUpAt, JSON.stringify(body));
    await sleep(500);
  }
}

test('a lost database comes back with all that was in it, and its credentials open with the key', async () => {
  const first = await start();
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const registered = await first.call('POST /clusters', {
    as: 'admin',
    headers: { 'Idempotency-Key': 'before-the-backup' },
    body: {
      name: 'dev-eu',
      kubeconfig,
      labels: { region: 'eu' },
      owner: 'user:default/owner',
    },
  });
  assert.equal(registered.status, 200, JSON.stringify(registered.body));
  const { id } = registered.body;
  const known = await everything(first);
  await stop();
  await database.backUp();
  await database.lose();
  await database.restore();

  const second = await start();
  assert.deepEqual(await everything(second), known);
  await untilStatus(second, id, 'healthy');
  const { status } = await second.call(`GET /clusters/${id}/namespaces`, {
    as: 'owner',
  });
  assert.equal(status, 200);
  // What was answered before is still known, so that nothing is done twice.
  const again = await second.call('POST /clusters', {
    as: 'admin',
    headers: { 'Idempotency-Key': 'before-the-backup' },
    body: {
      name: 'dev-eu',
      kubeconfig,
      labels: { region: 'eu' },
      owner: 'user:default/owner',
    },
  });
  assert.deepEqual(again.body, registered.body);
});

test('with another key the clusters are there, closed and loud, and nothing is overwritten', async () => {
  await stop();
  const wrong = await start(OTHER_KEY);
  const { body } = await wrong.call('GET /clusters', { as: 'admin' });
  const [{ id }] = body.clusters;
  const health = await untilStatus(wrong, id, 'unreachable');
  assert.match(health.reason, /cannot be decrypted/);
  await stop();
  const right = await start();
  await untilStatus(right, id, 'healthy');
});

test('a running portal follows a database that was put back', async () => {
  const running = portal!;
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-us');
  const { body, status } = await running.call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-us', kubeconfig },
  });
  assert.equal(status, 200, JSON.stringify(body));
  const names = async () =>
    (await running.call('GET /clusters', { as: 'admin' })).body.clusters.map(
      ({ name }: { name: string }) => name,
    );
  assert.deepEqual(await names(), ['dev-eu', 'dev-us']);
  await database.lose();
  await database.restore();
  const giveUpAt = Date.now() + SEEN_WITHIN_MS;
  while ((await names()).length !== 1) {
    assert.ok(Date.now() < giveUpAt, 'what the backup does not know stays');
    await sleep(500);
  }
  // It is not known any more, so it can be registered.
  let again = await running.call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-us', kubeconfig },
  });
  while (again.status === 503 && Date.now() < giveUpAt) {
    await sleep(1000);
    again = await running.call('POST /clusters', {
      as: 'admin',
      body: { name: 'dev-us', kubeconfig },
    });
  }
  assert.equal(again.status, 200, JSON.stringify(again.body));
  assert.notEqual(again.body.id, body.id);
});
