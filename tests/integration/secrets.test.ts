/**
 * A secret in each field that takes one, looked for everywhere that we write or answer: database files, logs of every level,
 * audit, answers, streams, the catalog.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

const CLUSTER = 'dev-eu';

let portal: TestPortal;
let cluster: string;
let kubeconfig: ReturnType<typeof parse>;
/** What must not be found, by where it was put. */
const planted = new Map<string, string>();
/** Everything that was answered. */
const answers: string[] = [];

/** A secret that is nowhere else, and long enough that none of it is found by chance. */
function plant(place: string): string {
  const secret = `planted${planted.size}${'Zq7Xw3Kp'.repeat(5)}${place.replace(
    /\W/g,
    '',
  )}`;
  planted.set(place, secret);
  return secret;
}

async function send(route: string, body?: unknown) {
  const answer = await portal.call(route, { as: 'admin', body });
  answers.push(`${route}: ${JSON.stringify(answer.body)}`);
  for (const [name, value] of answer.headers) answers.push(`${name}: ${value}`);
  return answer;
}

function variant(change: (config: typeof kubeconfig) => void): string {
  const config = structuredClone(kubeconfig);
  change(config);
  return stringify(config);
}

const pem = (kind: string, text: string) =>
  Buffer.from(
    `-----BEGIN ${kind}-----\n${Buffer.from(text).toString(
      'base64',
    )}\n-----END ${kind}-----\n`,
  ).toString('base64');

before(async () => {
  portal = await TestPortal.start({
    env: { LOG_LEVEL: 'debug' },
    config: { k8s: { logging: { level: 'debug' } } },
  });
  kubeconfig = parse(await portalCommand('cluster', 'kubeconfig', CLUSTER));
});

after(() => portal?.stop());

test('secrets in fields that are refused', async () => {
  const user = (name: string, fields: Record<string, unknown>) => ({
    name,
    kubeconfig: variant(config => {
      config.users[0].user = fields;
    }),
  });
  const server = kubeconfig.clusters[0].cluster.server;
  const caData = kubeconfig.clusters[0].cluster['certificate-authority-data'];
  const bodies = [
    user('wrong-token', { token: plant('token') }),
    user('basic', { username: 'x', password: plant('password') }),
    user('exec', {
      exec: {
        command: 'x',
        args: [plant('argument')],
        env: [{ name: 'T', value: plant('environment') }],
      },
    }),
    user('provider', {
      'auth-provider': {
        name: 'oidc',
        config: {
          'refresh-token': plant('refresh token'),
          'client-secret': plant('client secret'),
        },
      },
    }),
    user('key', {
      'client-certificate-data': pem('CERTIFICATE', plant('certificate')),
      'client-key-data': pem('PRIVATE KEY', plant('key')),
    }),
    user('unknown', { unknown: plant('unknown value') }),
    { name: 'direct', server, caData, token: plant('direct token') },
    {
      name: 'in-the-url',
      server: `https://user:${plant('url')}@127.0.0.1:1`,
      token: plant('token to nowhere'),
    },
    { name: 'no-yaml', kubeconfig: `users: [{ token: ${plant('not closed')}` },
    { name: 'bad', kubeconfig: { token: plant('wrong type') } },
    { name: 'field', password: plant('field that is none') },
  ];
  for (const body of bodies) {
    const { status } = await send('POST /clusters', body);
    assert.ok([400, 503].includes(status), `${body.name}: ${status}`);
    const { name, ...access } = body;
    await send('POST /cluster-checks', access);
  }
  const token = await portal.token('admin');
  const malformed = await fetch(`${portal.url}/api/k8s/clusters`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: `{"name":"x","token":"${plant('malformed body')}`,
  });
  assert.equal(malformed.status, 400);
  answers.push(await malformed.text());
});

test('the credential of a cluster that is registered, and of one that is replaced', async () => {
  const user = kubeconfig.users[0].user;
  for (const field of ['token', 'client-key-data']) {
    if (user[field]) planted.set(`registered ${field}`, user[field]);
  }
  assert.ok([...planted.keys()].some(place => place.startsWith('registered')));
  const registered = await send('POST /clusters', {
    name: CLUSTER,
    kubeconfig: stringify(kubeconfig),
  });
  assert.equal(registered.status, 200, JSON.stringify(registered.body));
  cluster = registered.body.id;
  const refused = await send(`PUT /clusters/${cluster}`, {
    kubeconfig: variant(config => {
      config.users[0].user = { token: plant('replacing token') };
    }),
  });
  assert.equal(refused.status, 400);
  const replaced = await send(`PUT /clusters/${cluster}`, {
    kubeconfig: stringify(kubeconfig),
  });
  assert.equal(replaced.status, 200, JSON.stringify(replaced.body));
});

test('what is in a cluster is answered without what is secret in it', async () => {
  for (const route of [
    'GET /status',
    'GET /clusters',
    `GET /clusters/${cluster}`,
    `GET /clusters/${cluster}/health`,
    `GET /clusters/${cluster}/dependents`,
    `GET /clusters/${cluster}/views/nodes`,
    `GET /clusters/${cluster}/deployments`,
    `GET /clusters/${cluster}/views/events`,
    'GET /audit?limit=500',
  ]) {
    const { status } = await send(route);
    assert.equal(status, 200, route);
  }
  const token = await portal.token('admin');
  const stream = await fetch(`${portal.url}/api/k8s/streams`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      subscriptions: [
        { id: 'a', topic: 'clusters' },
        { id: 'b', topic: 'health', cluster },
        { id: 'c', topic: 'namespaces', cluster },
      ],
    }),
  });
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (
    !(text.includes('"a"') && text.includes('"b"') && text.includes('"c"'))
  ) {
    text += (await reader.read()).value ?? '';
  }
  await reader.cancel();
  answers.push(text);
  const catalog = await fetch(`${portal.url}/api/catalog/entities`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  answers.push(await catalog.text());
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => statSync(path).isFile());
}

test('no secret is in an answer, a stream, a log, the audit or the database', async () => {
  const token = await portal.token('admin');
  planted.set('token of the caller', token.split('.')[2]);
  const written = files(portal.folder).map(
    path => [path, readFileSync(path)] as const,
  );
  // What is no secret is found, so the search works.
  for (const kind of [/back-end\.log$/, /k8s.*sqlite/]) {
    const found = written.some(
      ([path, bytes]) => kind.test(path) && bytes.includes(CLUSTER),
    );
    assert.ok(found, `${kind} does not name the cluster`);
  }
  const everything = [
    ...written,
    ['answers', Buffer.from(answers.join('\n'))] as const,
  ];
  for (const [place, secret] of planted) {
    for (const [where, bytes] of everything) {
      for (const form of [
        secret,
        Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(4, -4),
      ]) {
        assert.ok(!bytes.includes(form), `${place} is in ${where}`);
      }
    }
  }
});
