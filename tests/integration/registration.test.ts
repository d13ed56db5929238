/**
 * Registering clusters: what is refused sends nothing and stores nothing, what is stored is one cluster under one name.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import {
  selfSigned,
  testAuthority,
} from '../../plugins/k8s-backend/src/connection/__testUtils__/certificates';
import {
  TestServer,
  sendJson,
} from '../../plugins/k8s-backend/src/connection/__testUtils__/TestServer';
import { createDatabase } from './support/createDatabase.ts';
import type { TestDatabase } from './support/createDatabase.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

const CLUSTER = 'dev-eu';
const SECRET = 'planted-secret-0123456789';
const EQUAL_REQUESTS = 10;

let database: TestDatabase;
let portals: [TestPortal, TestPortal];
// Its shape is kubectl's.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
let kubeconfig: any;
const stops: (() => Promise<unknown>)[] = [];

before(async () => {
  database = await createDatabase();
  const options = {
    postgres: database.url,
    encryptionKey: Buffer.alloc(32, 9).toString('base64'),
    // Only this address: others of loopback stand for what is forbidden.
    config: { k8s: { addresses: { allow: ['127.0.0.1/32'] } } },
  };
  // One after the other: two that migrate an empty database at once get in each other's way.
  const first = await TestPortal.start(options);
  portals = [first, await TestPortal.start(options)];
  kubeconfig = parse(await portalCommand('cluster', 'kubeconfig', CLUSTER));
});

after(async () => {
  await Promise.all((portals ?? []).map(portal => portal.stop()));
  await Promise.all(stops.map(stop => stop()));
});

function variant(change: (config: typeof kubeconfig) => void): string {
  const config = structuredClone(kubeconfig);
  change(config);
  return stringify(config);
}

function register(body: Record<string, unknown>, portal = portals[0]) {
  return portal.call('POST /clusters', {
    as: 'admin',
    body: { name: 'refused', ...body },
  });
}

async function registered(portal = portals[0]): Promise<string[]> {
  const { body } = await portal.call('GET /clusters', { as: 'admin' });
  return body.clusters.map(({ name }: { name: string }) => name).sort();
}

/** A server that counts what connects to it. */
async function countingServer(host: string) {
  const counter = { connections: 0, port: 0 };
  const server: Server = createServer(socket => {
    counter.connections++;
    socket.destroy();
  });
  await new Promise<void>(resolve => {
    server.listen(0, host, () => resolve());
  });
  counter.port = (server.address() as AddressInfo).port;
  stops.push(
    () =>
      new Promise(resolve => {
        server.close(resolve);
      }),
  );
  return counter;
}

const REFUSED: [field: string, user: Record<string, unknown>][] = [
  ['exec', { exec: { command: 'touch', args: ['/tmp/never', SECRET] } }],
  ['auth-provider', { 'auth-provider': { name: 'gcp' } }],
  ['username', { username: 'admin', password: SECRET }],
  ['tokenFile', { tokenFile: '/etc/passwd' }],
  ['client-certificate', { 'client-certificate': '/etc/passwd' }],
  ['as', { token: SECRET, as: 'admin' }],
];

for (const [field, user] of REFUSED) {
  test(`a kubeconfig with ${field} is refused and says what to use`, async () => {
    const { status, body } = await register({
      kubeconfig: variant(config => {
        config.users[0].user = user;
      }),
    });
    assert.equal(status, 400);
    assert.match(
      body.error.message,
      new RegExp(`users\\[0\\]\\.user\\.${field}`),
    );
    assert.doesNotMatch(JSON.stringify(body), new RegExp(SECRET));
  });
}

const SPELLINGS: [what: string, host: string][] = [
  ['loopback', '127.0.0.2'],
  ['loopback in decimal', '2130706434'],
  ['loopback in hex', '0x7f000002'],
  ['loopback in octal', '0177.0.0.2'],
  ['loopback, IPv6-mapped', '[::ffff:127.0.0.2]'],
  ['loopback with a dot', '127.0.0.2.'],
];

for (const [what, host] of SPELLINGS) {
  test(`${what} gets no packet`, async () => {
    const forbidden = await countingServer('127.0.0.2');
    const { status, body } = await register({
      server: `https://${host}:${forbidden.port}`,
      token: SECRET,
    });
    assert.equal(status, 400);
    assert.match(body.error.message, /not allowed here/);
    assert.equal(forbidden.connections, 0);
  });
}

test('metadata services and private addresses are refused', async () => {
  for (const host of [
    '169.254.169.254',
    '[fd00:ec2::254]',
    '10.0.0.1',
    '0.0.0.0',
  ]) {
    const { status, body } = await register({
      server: `https://${host}`,
      token: SECRET,
    });
    assert.equal(status, 400, host);
    assert.match(body.error.message, /not allowed here/, host);
  }
});

test('a redirect is not followed', async () => {
  const second = await countingServer('127.0.0.1');
  const authority = await testAuthority();
  const first = await TestServer.start(
    await authority.sign({ name: 'api', hosts: { ip: ['127.0.0.1'] } }),
    (_, response) => {
      response.writeHead(302, { location: `https://127.0.0.1:${second.port}` });
      response.end();
    },
  );
  stops.push(() => first.stop());
  const { status, body } = await register({
    server: `https://127.0.0.1:${first.port}`,
    caData: authority.certificate,
    token: SECRET,
  });
  assert.equal(status, 400);
  assert.match(body.error.message, /redirects/);
  assert.equal(second.connections, 0);
});

test('certificates that are not trusted are refused with the cause, and see no token', async () => {
  const authority = await testAuthority();
  const hosts = { ip: ['127.0.0.1'] };
  const cases: [RegExp, Awaited<ReturnType<typeof selfSigned>>][] = [
    [/has expired/, await authority.sign({ name: 'api', hosts, days: -1 })],
    [
      /for another host/,
      await authority.sign({ name: 'api', hosts: { dns: ['other.test'] } }),
    ],
    [/self-signed/, await selfSigned({ name: 'api', hosts })],
    [
      /not the cluster's CA/,
      await (await testAuthority('other')).sign({ name: 'api', hosts }),
    ],
  ];
  for (const [cause, certificate] of cases) {
    const server = await TestServer.start(certificate, (_, response) =>
      sendJson(response, {}),
    );
    stops.push(() => server.stop());
    const { status, body } = await register({
      server: `https://127.0.0.1:${server.port}`,
      caData: authority.certificate,
      token: SECRET,
    });
    assert.equal(status, 400);
    assert.match(body.error.message, cause);
    assert.equal(server.requests.length, 0);
  }
});

test('what would take the parser minutes is refused quickly', async () => {
  const bombs = [
    Array.from({ length: 60_000 }, (_, n) => `k${n}: 1`).join('\n'),
    '['.repeat(500_000),
    'a: &a [x]\nb: [*a, *a]',
    'a: {<<: {x: 1}}',
  ];
  for (const bomb of bombs) {
    const { status, body } = await register({ kubeconfig: bomb });
    assert.equal(status, 400);
    assert.ok(body.error.message.length < 300);
  }
});

test('a credential that the cluster does not accept is a 400, not the own 401', async () => {
  const { status, body } = await register({
    kubeconfig: variant(config => {
      config.users[0].user = { token: SECRET };
    }),
  });
  assert.equal(status, 400);
  assert.match(body.error.message, /does not accept the credential/);
  assert.doesNotMatch(JSON.stringify(body), new RegExp(SECRET));
});

test('nothing of all that was stored', async () => {
  assert.deepEqual(await registered(), []);
});

test('of many that register one cluster at once on two instances, one wins', async () => {
  const answers = await Promise.all(
    Array.from({ length: EQUAL_REQUESTS }, (_, n) =>
      register(
        { name: CLUSTER, kubeconfig: stringify(kubeconfig) },
        portals[n % 2],
      ),
    ),
  );
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, ...Array(EQUAL_REQUESTS - 1).fill(409)]);
  const won = answers.find(({ status }) => status === 200);
  assert.equal(won?.body.name, CLUSTER);
  assert.equal(won?.body.status, 'healthy');
  assert.match(won?.body.id, /^[a-z0-9]{1,32}$/);
  assert.deepEqual(await registered(), [CLUSTER]);
});

test('the other instance sees it, renames it, and its entity keeps its name', async () => {
  // The instance that did not register it hears of it by an event or its next look, not at once.
  const giveUpAt = Date.now() + 30_000;
  while ((await registered(portals[1])).length === 0) {
    assert.ok(Date.now() < giveUpAt, 'the other instance never sees it');
    await setTimeout(100);
  }
  const { body } = await portals[1].call('GET /clusters', { as: 'admin' });
  const [{ id, entityRef }] = body.clusters;
  assert.equal(entityRef, `resource:default/${CLUSTER}`);
  const renamed = await portals[1].call(`PUT /clusters/${id}`, {
    as: 'admin',
    body: { name: 'Europe' },
  });
  assert.equal(renamed.status, 200, JSON.stringify(renamed.body));
  assert.equal(renamed.body.entityRef, entityRef);
  const taken = await register({
    name: 'EUROPE',
    kubeconfig: stringify(kubeconfig),
  });
  assert.equal(taken.status, 409);
});

test('the credential of another cluster is a 409, another address without credential a 400', async () => {
  const { body } = await portals[0].call('GET /clusters', { as: 'admin' });
  const [{ id }] = body.clusters;
  const other = await portalCommand('cluster', 'kubeconfig', 'dev-us');
  const put = (change: Record<string, unknown>) =>
    portals[0].call(`PUT /clusters/${id}`, { as: 'admin', body: change });
  assert.equal((await put({ kubeconfig: other })).status, 409);
  const forbidden = await countingServer('127.0.0.1');
  const moved = await put({ server: `https://127.0.0.1:${forbidden.port}` });
  assert.equal(moved.status, 400);
  assert.equal(forbidden.connections, 0);
});

test('a cluster whose stored credential was tampered with is closed and says so', async () => {
  const { body } = await portals[0].call('GET /clusters', { as: 'admin' });
  const [{ id }] = body.clusters;
  const tables = await database.query(
    `SELECT table_schema FROM information_schema.tables WHERE table_name = 'clusters'`,
  );
  const table = `"${tables[0].table_schema}".clusters`;
  const [before_] = await database.query(`SELECT * FROM ${table}`);
  await database.query(
    `UPDATE ${table} SET wrapped_key = 'AAAA', generation = generation + 1, revision = revision + 1`,
  );
  const health = async () => {
    const answer = await portals[0].call(`POST /clusters/${id}/health`, {
      as: 'admin',
    });
    return answer.body;
  };
  const giveUpAt = Date.now() + 30_000;
  while ((await health()).status !== 'unreachable') {
    assert.ok(Date.now() < giveUpAt);
  }
  const { components } = await health();
  const connection = components.find(
    ({ name }: { name: string }) => name === 'connection',
  );
  assert.equal(connection.status, 'unhealthy');
  assert.match(connection.message, /cannot be decrypted/);
  const [after_] = await database.query(`SELECT * FROM ${table}`);
  assert.equal(after_.wrapped_key, 'AAAA');
  assert.equal(after_.sealed_credential, before_.sealed_credential);
});

test('deleted and registered again under its name, nothing of the old one is used', async () => {
  const { body } = await portals[0].call('GET /clusters', { as: 'admin' });
  const [{ id }] = body.clusters;
  const removed = await portals[0].call(`DELETE /clusters/${id}?confirm=true`, {
    as: 'admin',
  });
  assert.deepEqual(removed.body, { success: true });
  const again = await register({
    name: CLUSTER,
    kubeconfig: stringify(kubeconfig),
  });
  assert.equal(again.status, 200, JSON.stringify(again.body));
  assert.notEqual(again.body.id, id);
  assert.equal(again.body.status, 'healthy');
  const old = await portals[0].call(`GET /clusters/${id}`, { as: 'admin' });
  assert.equal(old.status, 404);
  const namespaces = await portals[0].call(
    `GET /clusters/${again.body.id}/namespaces`,
    { as: 'admin' },
  );
  assert.equal(namespaces.status, 200, JSON.stringify(namespaces.body));
});
