/**
 * A cluster that is signed in to by the strategy of a module: an OAuth client, whose tokens a real API server trusts, live for seconds
 * and are renewed by the portal, in its main thread for its worker threads too.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import { TestIssuer } from './support/TestIssuer.ts';
import { TestPortal } from './support/TestPortal.ts';

const CLIENT = {
  id: 'portal',
  secret: 'planted0Zq7Xw3KpZq7Xw3KpZq7Xw3Kp',
  audience: 'kubernetes',
};
const WRONG = 'planted1Zq7Xw3KpZq7Xw3KpZq7Xw3Kp';
const WITHIN_MS = 30_000;

let issuer: TestIssuer;
let server: TestApiServer;
let portal: TestPortal;
let cluster: string;
let other: string;
/** Everything that was answered. */
const answers: string[] = [];

async function call(route: string, body?: unknown, as: DemoUser = 'admin') {
  const answer = await portal.call(route, { as, body });
  answers.push(JSON.stringify(answer.body));
  return answer;
}

/** Asks the API server itself, as its administrator. */
function ask(method: string, path: string, body?: unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: server.port,
        ...{ method, path, ca: server.caData },
        headers: {
          authorization: `Bearer ${server.token}`,
          'content-type': 'application/json',
        },
      },
      answer => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function eventually(what: string, holds: () => Promise<boolean>) {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `never ${what}`);
    await sleep(250);
  }
}

const access = (secret: string) => ({
  server: `https://127.0.0.1:${server.port}`,
  caData: server.caData,
  authentication: {
    strategy: 'oauthClient',
    fields: { issuer: 'test', clientId: CLIENT.id, clientSecret: secret },
  },
});

const putConfigMap = (name: string) =>
  ask('POST', '/api/v1/namespaces/default/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
  });

async function namesOf(id = cluster): Promise<string[]> {
  const { status, body } = await call(
    `GET /clusters/${id}/resources/core/configmaps?namespace=default`,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body.rows.map(({ name }: { name: string }) => name);
}

const healthOf = async (id: string) =>
  (await call(`POST /clusters/${id}/health`)).body;

before(async () => {
  issuer = await TestIssuer.start(CLIENT);
  server = await TestApiServer.start({
    'oidc-issuer-url': issuer.url,
    'oidc-ca-file': issuer.caFile,
    'oidc-client-id': CLIENT.audience,
    'oidc-username-prefix': 'oidc:',
  });
  const status = await ask(
    'POST',
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'portal' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'cluster-admin',
      },
      subjects: [
        {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'User',
          name: `oidc:${CLIENT.id}`,
        },
      ],
    },
  );
  assert.equal(status, 201);
  portal = await TestPortal.start({
    env: { LOG_LEVEL: 'debug' },
    config: {
      k8s: {
        logging: { level: 'debug' },
        oauth: {
          issuers: [
            {
              id: 'test',
              title: 'The test',
              tokenUrl: `${issuer.url}/token`,
              ca: issuer.ca,
            },
          ],
        },
      },
    },
  });
});

after(async () => {
  await portal?.stop();
  await server?.stop();
  await issuer?.stop();
});

test('who may register a cluster is offered the strategy, with its issuers', async () => {
  const { status, body } = await call('GET /authentication-strategies');
  assert.equal(status, 200);
  const offered = body.strategies.find(
    ({ id }: { id: string }) => id === 'oauthClient',
  );
  assert.deepEqual(offered.fields[0].options, [
    { value: 'test', title: { en: 'The test' } },
  ]);
  const refused = await call(
    'GET /authentication-strategies',
    undefined,
    'viewer',
  );
  assert.equal(refused.status, 403);
});

test('what is refused is stored nowhere, and says why', async () => {
  const secret = { ...access(WRONG), name: 'wrong' };
  const wrong = await call('POST /clusters', secret);
  assert.equal(wrong.status, 400);
  assert.match(
    wrong.body.error.message,
    /issuer The test gives no token, since it answers 401: invalid_client/,
  );
  const check = await call('POST /cluster-checks', access(WRONG));
  assert.equal(check.body.steps[0].outcome, 'failed');
  const cases: [object, RegExp][] = [
    [
      { issuer: 'evil' },
      /authentication\.fields\.issuer has to be one of test/,
    ],
    [{ clientId: '' }, /authentication\.fields\.clientId is missing/],
    [{ tokenUrl: 'https://evil.test' }, /a field that is not known/],
  ];
  for (const [change, why] of cases) {
    const body = { ...secret, authentication: { ...secret.authentication } };
    body.authentication.fields = { ...body.authentication.fields, ...change };
    const { status, body: answer } = await call('POST /clusters', body);
    assert.equal(status, 400);
    assert.match(answer.error.message, why);
  }
  // It is the same for who may not register at all.
  assert.equal((await call('POST /clusters', secret, 'viewer')).status, 403);
  assert.deepEqual((await call('GET /clusters')).body.clusters, []);
});

test('a cluster is registered, and signs in as the client', async () => {
  const body = { ...access(CLIENT.secret), name: 'by-client' };
  let registered = await call('POST /clusters', body);
  // The API server gets to know the issuer some seconds after its own start.
  await eventually('registered', async () => {
    if (registered.status === 200) return true;
    registered = await call('POST /clusters', body);
    return registered.status === 200;
  });
  cluster = registered.body.id;
  // Also who may register none is told what it is called.
  const { body: detail } = await call(
    `GET /clusters/${cluster}`,
    undefined,
    'viewer',
  );
  assert.deepEqual(detail.authentication, {
    type: 'oauthClient',
    title: { en: 'OAuth client', zh: 'OAuth 客户端' },
    user: `oidc:${CLIENT.id}`,
  });
  const audit = await call('GET /audit?action=cluster.register');
  assert.equal(audit.body.entries[0].details.authentication, 'oauthClient');
  assert.equal(audit.body.entries[0].details.credential, 'given');
});

test('a token that ends in seconds is renewed, once for all threads and requests', async () => {
  issuer.lifeSeconds = 8;
  const replaced = await call(`PUT /clusters/${cluster}`, {
    authentication: access(CLIENT.secret).authentication,
  });
  assert.equal(replaced.status, 200, JSON.stringify(replaced.body));
  assert.equal(await putConfigMap('first'), 201);
  await eventually('read', async () => (await namesOf()).includes('first'));
  const before = { asked: issuer.asked, at: Date.now() };
  const from = Date.now();
  let count = 0;
  while (Date.now() < from + 3 * issuer.lifeSeconds * 1000) {
    count += 1;
    assert.equal(await putConfigMap(`during-${count}`), 201);
    const created = await call(
      `POST /clusters/${cluster}/resources/core/configmaps`,
      {
        manifest: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `ours-${count}`, namespace: 'default' },
        },
      },
    );
    assert.equal(created.status, 200, JSON.stringify(created.body));
    await Promise.all([1, 2, 3].map(() => healthOf(cluster)));
    await sleep(500);
  }
  await eventually('seen by the cache', async () => {
    const names = await namesOf();
    return names.includes(`during-${count}`) && names.includes(`ours-${count}`);
  });
  const lives = (Date.now() - before.at) / (issuer.lifeSeconds * 1000);
  const asked = issuer.asked - before.asked;
  assert.ok(asked >= 3, `asked ${asked} times in ${lives} lives of a token`);
  // A new one is asked for when a fifth of the life is left.
  assert.ok(asked <= lives / 0.8 + 2, `asked ${asked} times in ${lives} lives`);
  const { status, components } = await healthOf(cluster);
  const ours = components.find(
    ({ name }: { name: string }) => name === 'connection',
  );
  assert.equal(ours.status, 'healthy', `${status} ${JSON.stringify(ours)}`);
});

test('without an issuer this cluster fails closed, loudly, and no other', async () => {
  const registered = await call('POST /clusters', {
    name: 'by-token',
    ...access(''),
    // The same API server under another address would be the same cluster.
    authentication: undefined,
    token: server.token,
  });
  assert.equal(registered.status, 409);
  issuer.isBroken = true;
  const asked = issuer.asked;
  const start = Date.now();
  await eventually('unreachable', async () => {
    const { status, reason } = await healthOf(cluster);
    return status === 'unreachable' && /issuer The test/.test(reason);
  });
  const change = await call(
    `POST /clusters/${cluster}/resources/core/configmaps`,
    {
      manifest: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'refused', namespace: 'default' },
      },
    },
  );
  assert.equal(change.status, 503);
  assert.match(
    change.body.error.message,
    /cannot sign in to the cluster \(OAuth client\): The issuer The test gives no token, since it answers 500/,
  );
  await Promise.all(Array.from({ length: 20 }, () => healthOf(cluster)));
  const seconds = (Date.now() - start) / 1000;
  const tries = issuer.asked - asked;
  assert.ok(tries <= seconds / 5 + 3, `${tries} questions in ${seconds} s`);
  // What was read is shown on.
  assert.ok((await namesOf()).length > 0);
  issuer.isBroken = false;
  await eventually('back', async () => {
    const { status } = await healthOf(cluster);
    return status !== 'unreachable';
  });
  assert.equal(await putConfigMap('after'), 201);
  await eventually('seen', async () => (await namesOf()).includes('after'));
});

test('a cluster beside it, signed in to with a token, does not notice', async () => {
  const second = await TestApiServer.start();
  try {
    const registered = await call('POST /clusters', {
      name: 'by-token',
      server: `https://127.0.0.1:${second.port}`,
      caData: second.caData,
      authentication: { strategy: 'token', fields: { token: second.token } },
    });
    assert.equal(registered.status, 200, JSON.stringify(registered.body));
    other = registered.body.id;
    issuer.isBroken = true;
    await eventually('unreachable', async () => {
      const { status } = await healthOf(cluster);
      return status === 'unreachable';
    });
    const { status, components } = await healthOf(other);
    assert.notEqual(status, 'unreachable', JSON.stringify(components));
    assert.equal((await namesOf(other)).includes('kube-root-ca.crt'), false);
    const list = await call('GET /resources/core/namespaces');
    assert.equal(list.status, 200);
    assert.ok(
      list.body.rows.some((row: { cluster: string }) => row.cluster === other),
    );
    issuer.isBroken = false;
  } finally {
    await second.stop();
  }
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => statSync(path).isFile());
}

test('neither the secret nor a token is in an answer, a log, the audit or the database', async () => {
  for (const route of [
    'GET /clusters',
    `GET /clusters/${cluster}`,
    `GET /clusters/${cluster}/health`,
    'GET /audit?limit=500',
  ]) {
    assert.equal((await call(route)).status, 200, route);
  }
  const written: [string, string][] = files(portal.folder).map(path => [
    path,
    readFileSync(path, 'latin1'),
  ]);
  written.push(['answers', answers.join('\n')]);
  assert.ok(
    written.some(
      ([path, text]) =>
        path.endsWith('back-end.log') &&
        text.includes('A credential for a cluster cannot be had'),
    ),
  );
  const pair = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64');
  const secrets = [
    ...[CLIENT.secret, WRONG, pair, server.token],
    ...issuer.tokens.map(token => token.split('.')[2]),
  ];
  for (const secret of secrets) {
    for (const [where, text] of written) {
      assert.ok(!text.includes(secret), `${secret.slice(0, 8)} is in ${where}`);
    }
  }
});
