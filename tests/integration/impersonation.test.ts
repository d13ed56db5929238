/** A cluster in impersonation mode: its own rules decide too, on what is read from the cache as well. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLUSTERS } from '../../dev/portal/clusters/clusterTable.ts';
import { DevelopmentCluster } from '../../dev/portal/clusters/DevelopmentCluster.ts';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer } from './support/TestPortal.ts';

const SEEN = 'impersonation-seen';
const HIDDEN = 'impersonation-hidden';
const RBAC = 'rbac.authorization.k8s.io';
const VIEWER = 'backstage:user:default/viewer';
/** Group of the operator and the viewer. */
const DEVELOPERS = 'backstage:group:default/developers';
const CONFIG_MAPS = 'core/configmaps';
const LOST_WITHIN_MS = 10_000;

const development = new DevelopmentCluster(CLUSTERS[0]);
let portal: TestPortal;
let cluster: string;

const call = (as: DemoUser, route: string, body?: unknown): Promise<Answer> => {
  const [method, path] = route.split(' ');
  return portal.call(`${method} /clusters/${cluster}${path}`, { as, body });
};

const namesOf = async (as: DemoUser, path: string): Promise<string[]> => {
  const { status, body } = await call(as, `GET ${path}`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.total, body.rows.length);
  return body.rows.map(
    ({ namespace, name }: { namespace: string; name: string }) =>
      `${namespace}/${name}`,
  );
};

/** What was changed in the cluster is known after the answers that are remembered. */
async function eventually(
  what: string,
  holds: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 2 * LOST_WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `never ${what}`);
    await sleep(250);
  }
}

/** Lets somebody do something to ConfigMaps in one namespace. */
async function grant(
  name: string,
  subject: { kind: string; name: string },
  verbs: string[],
): Promise<void> {
  const client = development.client();
  const metadata = { name, namespace: SEEN };
  await client.apply({
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata,
    rules: [{ apiGroups: [''], resources: ['configmaps'], verbs }],
  });
  await client.apply({
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'Role', name },
    subjects: [{ ...subject, apiGroup: RBAC }],
  });
}

async function revoke(name: string): Promise<void> {
  const path = `/apis/${RBAC}/v1/namespaces/${SEEN}/rolebindings/${name}`;
  await development.client().call('DELETE', path);
}

async function removeNamespaces(): Promise<void> {
  for (const name of [SEEN, HIDDEN]) {
    const path = `/api/v1/namespaces/${name}`;
    await development
      .client()
      .call('DELETE', path)
      .catch(() => undefined);
    for (;;) {
      const isThere = await development
        .client()
        .call('GET', path)
        .then(
          () => true,
          () => false,
        );
      if (!isThere) break;
      await sleep(200);
    }
  }
}

before(async () => {
  await removeNamespaces();
  for (const name of [SEEN, HIDDEN]) {
    await development.client().apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
    await development.client().apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: name },
      data: { colour: 'blue' },
    });
  }
  portal = await TestPortal.start();
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: {
      name: 'dev-eu',
      kubeconfig: await development.kubeconfig(),
      impersonate: true,
    },
  });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.impersonate, true);
  cluster = body.id;
});

after(async () => {
  await portal?.stop();
  await removeNamespaces();
});

test('whom the cluster gives nothing sees nothing, and is not told what there is', async () => {
  for (const user of ['viewer', 'operator', 'admin'] as const) {
    assert.deepEqual(await namesOf(user, `/resources/${CONFIG_MAPS}`), []);
    const hidden = await call(
      user,
      `GET /resources/${CONFIG_MAPS}/${SEEN}/settings`,
    );
    const missing = await call(
      user,
      `GET /resources/${CONFIG_MAPS}/${SEEN}/no-such`,
    );
    assert.equal(hidden.status, 404);
    assert.equal(
      hidden.body.error.message.replace('settings', 'no-such'),
      missing.body.error.message,
    );
    const namespaces = await call(user, 'GET /namespaces');
    assert.deepEqual(namespaces.body.namespaces, []);
    const deployments = await call(user, 'GET /deployments');
    assert.deepEqual(deployments.body.deployments, []);
  }
});

test('a role in a namespace shows what is there, from the cache, to whom it is bound', async () => {
  await grant('viewer-reads', { kind: 'User', name: VIEWER }, ['get', 'list']);
  await eventually('seen', async () => {
    const names = await namesOf('viewer', `/resources/${CONFIG_MAPS}`);
    return names.length > 0;
  });
  const names = await namesOf('viewer', `/resources/${CONFIG_MAPS}`);
  assert.ok(names.includes(`${SEEN}/settings`));
  assert.ok(names.every(name => name.startsWith(`${SEEN}/`)));
  const { body } = await portal.call('GET /cache', { as: 'admin' });
  const cached = body.kinds.find(
    ({ plural }: { plural: string }) => plural === 'configmaps',
  );
  assert.equal(cached.state, 'live');
  assert.equal(cached.lists, 1);

  const own = await call(
    'viewer',
    `GET /resources/${CONFIG_MAPS}/${SEEN}/settings`,
  );
  assert.equal(own.body.object.data.colour, 'blue');
  const other = await call(
    'viewer',
    `GET /resources/${CONFIG_MAPS}/${HIDDEN}/settings`,
  );
  assert.equal(other.status, 404);
  assert.deepEqual(await namesOf('operator', `/resources/${CONFIG_MAPS}`), []);
});

test("changes need the cluster's rules and the portal's, each says so", async () => {
  const patch = { patch: { data: { colour: 'red' } } };
  const path = `/resources/${CONFIG_MAPS}/${SEEN}/settings`;
  await grant('developers', { kind: 'Group', name: DEVELOPERS }, [
    'get',
    'list',
    'patch',
  ]);
  await eventually('seen', async () => {
    const { status } = await call('operator', `GET ${path}`);
    return status === 200;
  });
  // By the group that both are in the cluster lets both; the portal's role lets only one.
  const viewer = await call('viewer', `PATCH ${path}`, patch);
  assert.equal(viewer.status, 403);
  assert.match(viewer.body.error.message, /K8sOperator/);
  const operator = await call('operator', `PATCH ${path}`, patch);
  assert.equal(operator.status, 200, JSON.stringify(operator.body));
  // The portal's role lets an operator delete, the cluster does not.
  const refused = await call('operator', `DELETE ${path}`);
  assert.equal(refused.status, 403, JSON.stringify(refused.body));
  assert.match(
    refused.body.error.message,
    /own rules do not let you delete configmaps.*backstage:user:default\/operator/,
  );
  const { body } = await call('operator', `GET ${path}`);
  assert.equal(body.object.data.colour, 'red');
  const managers = body.owners.map(
    ({ manager }: { manager: string }) => manager,
  );
  assert.ok(managers.includes('backstage-k8s'));
  await revoke('developers');
});

test('a stream tells nothing any more within ten seconds of the loss', async () => {
  const token = await portal.token('viewer');
  const abort = new AbortController();
  const answer = await fetch(`${portal.url}/api/k8s/streams`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({
      subscriptions: [
        {
          id: 'a',
          topic: 'resources',
          cluster,
          group: 'core',
          plural: 'configmaps',
        },
      ],
    }),
    signal: abort.signal,
  });
  let text = '';
  const reading = (async () => {
    for await (const chunk of answer.body!) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8');
    }
  })().catch(() => undefined);
  const write = (name: string, colour: string) =>
    development.client().apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: SEEN },
      data: { colour },
    });
  try {
    await eventually('open', async () => text.includes('event: reset'));
    await write('while-allowed', 'green');
    await eventually('told', async () => text.includes('while-allowed'));
    await revoke('viewer-reads');
    await sleep(LOST_WITHIN_MS);
    await write('after-the-loss', 'green');
    await sleep(2_000);
    assert.ok(!text.includes('after-the-loss'), text);
  } finally {
    abort.abort();
    await reading;
  }
});

test("logs are read as the cluster's rules let the caller, and end within ten seconds of the loss", async context => {
  const client = development.client();
  const metadata = { name: 'talks', namespace: SEEN };
  await client.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {
      containers: [{ name: 'main', image: 'registry.example/shop/app:1.0.0' }],
    },
  });
  const path = `/namespaces/${SEEN}/pods/talks/logs`;
  // Whether it is there is not told.
  for (const pod of ['talks', 'nothing']) {
    const { status } = await call(
      'viewer',
      `GET ${path.replace('talks', pod)}`,
    );
    assert.equal(status, 403);
  }
  const rule = (resources: string[]) => ({
    ...{ apiGroups: [''], verbs: ['get', 'list'] },
    resources,
  });
  await client.apply({
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata,
    rules: [rule(['pods'])],
  });
  await client.apply({
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'Role', name: 'talks' },
    subjects: [{ apiGroup: RBAC, kind: 'User', name: VIEWER }],
  });
  // The pod, and not what it writes.
  await eventually('refused', async () => {
    const { status, body } = await call('viewer', `GET ${path}`);
    return status === 403 && /rules of the cluster/.test(body.error.message);
  });
  await client.apply({
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata,
    rules: [rule(['pods', 'pods/log'])],
  });
  await eventually('read', async () => {
    const { status } = await call('viewer', `GET ${path}`);
    return status === 200;
  });
  const answer = await fetch(
    `${portal.url}/api/k8s/clusters/${cluster}/log-streams`,
    {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${await portal.token('viewer')}`,
      },
      body: JSON.stringify({ namespace: SEEN, pods: ['talks'], follow: true }),
    },
  );
  let text = '';
  const reading = (async () => {
    for await (const chunk of answer.body!) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8');
    }
  })();
  await eventually('open', async () => text.includes('event: lines'));
  const start = performance.now();
  await revoke('talks');
  await reading;
  assert.match(text, /"reason":"accessLost"/);
  const elapsedMs = Math.round(performance.now() - start);
  context.diagnostic(`ended ${elapsedMs} ms after the loss`);
});

test('without the mode the portal decides alone', async () => {
  const { status, body } = await portal.call(`PUT /clusters/${cluster}`, {
    as: 'admin',
    body: { impersonate: false },
  });
  assert.equal(status, 200, JSON.stringify(body));
  const names = await namesOf('viewer', `/resources/${CONFIG_MAPS}`);
  assert.ok(names.includes(`${HIDDEN}/settings`));
  const audit = await portal.call('GET /audit?action=cluster.update', {
    as: 'admin',
  });
  assert.equal(audit.body.entries[0].details.impersonate, false);
});
