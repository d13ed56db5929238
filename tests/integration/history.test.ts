/**
 * What became of objects, whoever changed them: seen in a real API server by two instances on one database, through outages of the
 * cluster and of the database, and told to whom it may be told.
 */
import assert from 'node:assert/strict';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { createDatabase } from './support/createDatabase.ts';
import type { TestDatabase } from './support/createDatabase.ts';
import { TcpProxy } from './support/TcpProxy.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer } from './support/TestPortal.ts';

const CONFIG_MAPS = 'core/configmaps';
const DEPLOYMENTS = 'apps/deployments';
const SECRETS = 'core/secrets';
/** A deletion of one is answered with the object that is gone. */
const SERVICE_ACCOUNTS = 'core/serviceaccounts';
/** The kind whose history is always kept: nobody here asks for it before it has one. */
const STATEFUL_SETS = 'apps/statefulsets';
const PATHS: Record<string, string> = {
  [CONFIG_MAPS]: '/api/v1/namespaces/default/configmaps',
  [DEPLOYMENTS]: '/apis/apps/v1/namespaces/default/deployments',
  [SECRETS]: '/api/v1/namespaces/default/secrets',
  [SERVICE_ACCOUNTS]: '/api/v1/namespaces/default/serviceaccounts',
  [STATEFUL_SETS]: '/apis/apps/v1/namespaces/default/statefulsets',
};
const WITHIN_MS = 60_000;
const ENCRYPTION_KEY = Buffer.alloc(32, 5).toString('base64');

let server: TestApiServer;
let proxy: TcpProxy;
let database: TestDatabase;
let portals: TestPortal[] = [];
let cluster: string;

interface Entry {
  type: string;
  by: string;
  notBefore?: string;
  at: string;
  resourceVersion?: string;
  managers: { manager: string; operation: string }[];
  changes: { path: string; before?: unknown; after?: unknown }[];
  audit?: { actor: string; action: string };
}

/** Changes something past the portal. */
function kube(
  method: string,
  path: string,
  options: { body?: unknown; manager?: string; contentType?: string } = {},
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Kubernetes' answers, of which the tests know the shape
): Promise<any> {
  const { body, manager, contentType = 'application/json' } = options;
  const force = contentType.includes('apply') ? '&force=true' : '';
  const query = manager ? `?fieldManager=${manager}${force}` : '';
  return new Promise((resolve, reject) => {
    const ask = request(
      {
        ...{ host: '127.0.0.1', port: server.port, ca: server.caData },
        ...{ method, path: `${path}${query}` },
        headers: {
          authorization: `Bearer ${server.token}`,
          'content-type': contentType,
        },
      },
      async answer => {
        let text = '';
        for await (const piece of answer) text += piece;
        if (answer.statusCode! < 300) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${path}: ${text}`));
      },
    );
    ask.on('error', reject);
    ask.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** As `kubectl apply --server-side` does. */
const apply = (kind: string, name: string, object: object, manager: string) =>
  kube('PATCH', `${PATHS[kind]}/${name}`, {
    body: { metadata: { name }, ...object },
    contentType: 'application/apply-patch+yaml',
    manager,
  });

const configMap = (data: Record<string, string>) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data },
});

const call = (
  route: string,
  options: { as?: DemoUser; body?: unknown; portal?: number } = {},
): Promise<Answer> => {
  const { as = 'admin', body, portal = 0 } = options;
  const [method, path] = route.split(' ');
  const whole = `${method} /clusters/${cluster}${path}`;
  return portals[portal].call(whole, { as, body });
};

const historyOf = (
  kind: string,
  name: string,
  as?: DemoUser,
): Promise<Answer> =>
  call(`GET /resources/${kind}/default/${name}/history`, { as });

/** The entries of an object once they are as they have to be. */
async function eventually(
  kind: string,
  name: string,
  holds: (entries: Entry[]) => boolean,
): Promise<Entry[]> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const { status, body } = await historyOf(kind, name);
    if (status === 200 && holds(body.entries)) return body.entries;
    if (Date.now() > deadline) {
      assert.fail(`${kind} ${name} is ${JSON.stringify(body, undefined, 1)}`);
    }
    await sleep(250);
  }
}

/** Has both instances look at the kinds, and waits until they see them live. */
async function watch(kinds: readonly string[]): Promise<void> {
  for (const portal of portals.keys()) {
    for (const kind of kinds) {
      const deadline = Date.now() + WITHIN_MS;
      for (;;) {
        const { status, body } = await call(`GET /resources/${kind}`, {
          portal,
        });
        if (status === 200 && body.cache.state === 'live') break;
        assert.ok(Date.now() < deadline, JSON.stringify(body));
        await sleep(250);
      }
    }
  }
}

before(async () => {
  server = await TestApiServer.start();
  proxy = await TcpProxy.to(`https://127.0.0.1:${server.port}`);
  database = await createDatabase();
  const shared = {
    ...{ postgres: database.url, encryptionKey: ENCRYPTION_KEY },
    config: { k8s: { history: { kinds: ['statefulsets.apps'] } } },
  };
  portals = [await TestPortal.start(shared)];
  portals.push(await TestPortal.start(shared));
  const kubeconfig = JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
    clusters: [
      {
        name: 'c',
        cluster: {
          server: proxy.url,
          'certificate-authority-data': Buffer.from(server.caData).toString(
            'base64',
          ),
        },
      },
    ],
    users: [{ name: 'c', user: { token: server.token } }],
  });
  const { status, body } = await portals[0].call('POST /clusters', {
    as: 'admin',
    body: { name: 'history', kubeconfig, labels: { environment: 'test' } },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
  await watch([CONFIG_MAPS, DEPLOYMENTS, SECRETS, SERVICE_ACCOUNTS]);
});

after(async () => {
  await database?.setAway(false);
  await Promise.all(portals.map(portal => portal.stop()));
  await proxy?.close();
  await server?.stop();
});

test('tells what others changed, and who they are', async () => {
  await apply(CONFIG_MAPS, 'others', configMap({ a: '1' }), 'kubectl');
  await apply(CONFIG_MAPS, 'others', configMap({ a: '2' }), 'kubectl');
  await apply(
    CONFIG_MAPS,
    'others',
    { ...configMap({}), metadata: { name: 'others', labels: { b: 'c' } } },
    'kustomize-controller',
  );
  const entries = await eventually(
    CONFIG_MAPS,
    'others',
    found => found.length === 3,
  );
  assert.deepEqual(
    entries.map(({ type, by, managers, changes }) => ({
      ...{ type, by, changes: changes.map(({ path }) => path) },
      managers: managers.map(({ manager, operation }) => [manager, operation]),
    })),
    [
      {
        ...{ type: 'changed', by: 'outside' },
        changes: ['/metadata/labels/b'],
        managers: [['kustomize-controller', 'Apply']],
      },
      {
        ...{ type: 'changed', by: 'outside' },
        changes: ['/data/a'],
        managers: [['kubectl', 'Apply']],
      },
      {
        ...{ type: 'created', by: 'outside', changes: [] },
        managers: [['kubectl', 'Apply']],
      },
    ],
  );
  assert.equal(entries[1].changes[0].before, '1');
  assert.equal(entries[1].changes[0].after, '2');
  // Each of the two instances has seen all of it.
  const rows = await database.query(
    `SELECT count(*) AS count FROM k8s.change_history WHERE name = 'others'`,
  );
  assert.equal(Number(rows[0].count), 3);
});

test('tells a change through the portal once, with its entry of the audit to who may know it', async () => {
  await apply(CONFIG_MAPS, 'ours', configMap({ a: '1' }), 'kubectl');
  await eventually(CONFIG_MAPS, 'ours', found => found.length === 1);
  const path = `/resources/${CONFIG_MAPS}/default/ours`;
  const patched = await call(`PATCH ${path}`, {
    as: 'operator',
    body: { patch: { data: { a: '2' } } },
    portal: 1,
  });
  assert.equal(patched.status, 200, JSON.stringify(patched.body));
  const refused = await call(`PATCH ${path}`, {
    as: 'viewer',
    body: { patch: { data: { a: '3' } } },
  });
  assert.equal(refused.status, 403);
  const entries = await eventually(
    CONFIG_MAPS,
    'ours',
    found => found.length === 3 && found[1].type === 'changed',
  );
  assert.deepEqual(
    entries.map(({ type, by, audit }) => [type, by, audit?.actor]),
    [
      ['request', 'portal', 'user:default/viewer'],
      ['changed', 'portal', 'user:default/operator'],
      ['created', 'outside', undefined],
    ],
  );
  assert.equal(entries[1].changes[0].after, '2');

  // A viewer may read the object, and of the audit only what is their own.
  const seen = await historyOf(CONFIG_MAPS, 'ours', 'viewer');
  assert.deepEqual(
    seen.body.entries.map(({ type, by, audit }: Entry) => [
      ...[type, by, audit?.actor],
    ]),
    [
      ['request', 'portal', 'user:default/viewer'],
      ['changed', 'portal', undefined],
      ['created', 'outside', undefined],
    ],
  );
  const audit = await portals[0].call(
    `GET /audit?cluster=${cluster}&group=core&plural=configmaps&namespace=default&name=ours`,
    { as: 'admin' },
  );
  assert.deepEqual(
    audit.body.entries.map(({ actor }: { actor: string }) => actor),
    ['user:default/viewer', 'user:default/operator'],
  );
});

test('goes on after the object: who deleted it where that is known', async () => {
  for (const name of ['gone-by-portal', 'gone-by-others']) {
    await apply(CONFIG_MAPS, name, configMap({ a: '1' }), 'kubectl');
    await eventually(CONFIG_MAPS, name, found => found.length === 1);
  }
  const path = `/resources/${CONFIG_MAPS}/default/gone-by-portal`;
  const deleted = await call(`DELETE ${path}`, { as: 'operator' });
  assert.equal(deleted.status, 200, JSON.stringify(deleted.body));
  await kube('DELETE', `${PATHS[CONFIG_MAPS]}/gone-by-others`);
  const isGone = (found: Entry[]) => found[0]?.type === 'deleted';
  const ours = await eventually(CONFIG_MAPS, 'gone-by-portal', isGone);
  const others = await eventually(CONFIG_MAPS, 'gone-by-others', isGone);
  assert.equal(ours.length, 2, JSON.stringify(ours, undefined, 1));
  assert.equal(ours[0].by, 'portal');
  assert.equal(ours[0].audit?.actor, 'user:default/operator');
  assert.equal(others.length, 2);
  assert.equal(others[0].by, 'unknown');
  const asViewer = await historyOf(CONFIG_MAPS, 'gone-by-others', 'viewer');
  assert.equal(asViewer.body.entries.length, 2);
});

test('goes on after an object whose deletion is answered with it', async () => {
  const path = `/resources/${SERVICE_ACCOUNTS}/default/account`;
  const account = {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount' },
    automountServiceAccountToken: false,
  };
  await apply(SERVICE_ACCOUNTS, 'account', account, 'kubectl');
  await eventually(SERVICE_ACCOUNTS, 'account', found => found.length === 1);
  const deleted = await call(`DELETE ${path}`);
  assert.equal(deleted.status, 200, JSON.stringify(deleted.body));
  const list = await call(
    `GET /resources/${SERVICE_ACCOUNTS}?namespace=default`,
  );
  assert.ok(
    !list.body.rows.some(({ name }: { name: string }) => name === 'account'),
  );
  const entries = await eventually(
    SERVICE_ACCOUNTS,
    'account',
    found => found[0]?.type === 'deleted',
  );
  assert.deepEqual(
    entries.map(({ type, by, audit }) => [type, by, audit?.actor]),
    [
      ['deleted', 'portal', 'user:default/admin'],
      ['created', 'outside', undefined],
    ],
  );
});

test('is of the spec: neither the status nor what controllers note is a change', async () => {
  const spec = (replicas: number) => ({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'app', image: 'example.org/app:1' }] },
      },
    },
  });
  await apply(DEPLOYMENTS, 'web', spec(1), 'kubectl');
  const patch = (subresource: string, body: unknown, manager: string) =>
    kube('PATCH', `${PATHS[DEPLOYMENTS]}/web/${subresource}`, {
      ...{ body, manager, contentType: 'application/merge-patch+json' },
    });
  const status = { replicas: 1, readyReplicas: 1 };
  await patch('status', { status }, 'kube-controller-manager');
  await patch('scale', { spec: { replicas: 4 } }, 'kubectl-scale');
  const entries = await eventually(
    DEPLOYMENTS,
    'web',
    found => found.length >= 2,
  );
  assert.deepEqual(
    entries.map(({ type, changes, managers }) => [
      type,
      ...changes.map(({ path }) => path),
      ...managers.map(({ manager }) => manager),
    ]),
    [
      ['changed', '/spec/replicas', 'kubectl-scale'],
      ['created', 'kubectl'],
    ],
  );
});

test('has what happened while nobody looked to a kind that is always kept', async () => {
  for (const portal of portals.keys()) {
    const deadline = Date.now() + 2 * WITHIN_MS;
    for (;;) {
      const { body } = await portals[portal].call('GET /cache', {
        as: 'admin',
      });
      const set = body.kinds.find(
        (kind: { cluster: string; plural: string }) =>
          kind.cluster === cluster && kind.plural === 'statefulsets',
      );
      if (set?.state === 'live') break;
      assert.ok(Date.now() < deadline, JSON.stringify(body.kinds));
      await sleep(500);
    }
  }
  const labels = { app: 'unwatched' };
  const set = (replicas: number) => ({
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet' },
    spec: {
      ...{ replicas, serviceName: 'unwatched' },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'app', image: 'example.org/app:1' }] },
      },
    },
  });
  await apply(STATEFUL_SETS, 'unwatched', set(1), 'kubectl');
  await apply(STATEFUL_SETS, 'unwatched', set(3), 'kubectl');
  // Not by the API: to ask for an object is to look.
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const [{ count }] = await database.query(
      `SELECT count(*) AS count FROM k8s.change_history WHERE name = 'unwatched'`,
    );
    if (Number(count) === 2) break;
    assert.ok(Date.now() < deadline, `${count} changes`);
    await sleep(250);
  }
  const { body } = await historyOf(STATEFUL_SETS, 'unwatched');
  assert.deepEqual(
    body.entries.map(({ type, changes, managers }: Entry) => [
      type,
      ...changes.map(({ path, before, after }) => [path, before, after]),
      ...managers.map(({ manager }) => manager),
    ]),
    [
      ['changed', ['/spec/replicas', 1, 3], 'kubectl'],
      ['created', 'kubectl'],
    ],
  );
  assert.equal(body.recording.always, true);
});

test('says of a Secret which keys, and never a value', async () => {
  const planted = ['planted-one', 'planted-two'];
  const secret = (stringData: Record<string, string>) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', stringData },
  });
  await apply(SECRETS, 'hidden', secret({ a: planted[0] }), 'kubectl');
  await apply(SECRETS, 'hidden', secret({ a: planted[1] }), 'kubectl');
  await apply(
    SECRETS,
    'hidden',
    secret({ a: planted[1], b: planted[0] }),
    'kubectl',
  );
  const entries = await eventually(
    SECRETS,
    'hidden',
    found => found.length === 3,
  );
  assert.deepEqual(
    entries.map(({ changes }) => changes.map(({ path }) => path)),
    [['/data/b'], ['/data'], []],
  );
  const rows = await database.query(`SELECT * FROM k8s.change_history`);
  const text = JSON.stringify([rows, entries]);
  for (const value of planted) {
    assert.ok(!text.includes(value));
    assert.ok(!text.includes(Buffer.from(value).toString('base64')));
  }
});

test('tells what happened while the cluster could not be read, and between when', async () => {
  for (const name of ['away-changed', 'away-deleted']) {
    await apply(CONFIG_MAPS, name, configMap({ a: '1' }), 'kubectl');
    await eventually(CONFIG_MAPS, name, found => found.length === 1);
  }
  proxy.mode = 'reset';
  await sleep(1_000);
  await apply(CONFIG_MAPS, 'away-changed', configMap({ a: '2' }), 'kubectl');
  await apply(CONFIG_MAPS, 'away-changed', configMap({ a: '3' }), 'helm');
  await kube('DELETE', `${PATHS[CONFIG_MAPS]}/away-deleted`);
  await apply(CONFIG_MAPS, 'away-created', configMap({ a: '1' }), 'kubectl');
  // Long enough for the lists to be read again.
  await sleep(15_000);
  const back = Date.now();
  proxy.mode = 'pass';
  const [changed] = await eventually(
    CONFIG_MAPS,
    'away-changed',
    found => found.length === 2,
  );
  assert.ok(changed.notBefore && Date.parse(changed.notBefore) < back);
  assert.deepEqual(
    changed.changes.map(one => [one.path, one.before, one.after]),
    [['/data/a', '1', '3']],
  );
  assert.ok(changed.managers.some(({ manager }) => manager === 'helm'));
  const [deleted] = await eventually(
    CONFIG_MAPS,
    'away-deleted',
    found => found.length === 2,
  );
  assert.equal(deleted.type, 'deleted');
  assert.ok(deleted.notBefore);
  const [created] = await eventually(
    CONFIG_MAPS,
    'away-created',
    found => found.length === 1,
  );
  assert.equal(created.type, 'created');
});

test('loses nothing while the database is away, and holds up nobody', async () => {
  await apply(CONFIG_MAPS, 'database', configMap({ a: '0' }), 'kubectl');
  await eventually(CONFIG_MAPS, 'database', found => found.length === 1);
  await database.setAway(true);
  for (const value of ['1', '2', '3']) {
    await apply(CONFIG_MAPS, 'database', configMap({ a: value }), 'kubectl');
  }
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const { status, body } = await call(
      `GET /resources/${CONFIG_MAPS}/default/database`,
    );
    assert.equal(status, 200, JSON.stringify(body));
    if (body.object.data.a === '3') break;
    assert.ok(Date.now() < deadline, JSON.stringify(body.object));
    await sleep(100);
  }
  await sleep(2_000);
  await database.setAway(false);
  const entries = await eventually(
    CONFIG_MAPS,
    'database',
    found => found.length === 4,
  );
  assert.deepEqual(
    entries.map(({ changes }) => changes[0]?.after),
    ['3', '2', '1', undefined],
  );
});

test('says what is recorded and since when, to who may read the object only', async () => {
  const { body } = await historyOf(CONFIG_MAPS, 'others');
  assert.equal(body.recording.kept, 'values');
  const deadline = Date.now() + WITHIN_MS;
  let spans = body.recording.spans;
  while (spans.length === 0) {
    assert.ok(Date.now() < deadline, 'nobody notes what is recorded');
    await sleep(500);
    spans = (await historyOf(CONFIG_MAPS, 'others')).body.recording.spans;
  }
  const pods = await historyOf('core/pods', 'nothing');
  assert.equal(pods.status, 404);
  const { status } = await historyOf(CONFIG_MAPS, 'no-such-thing', 'viewer');
  assert.equal(status, 404);
  // The owner of another cluster does not see this one.
  const hidden = await historyOf(CONFIG_MAPS, 'others', 'owner');
  assert.equal(hidden.status, 404);
  // Nor what kinds it has, and of which scope: the answer is that of a cluster that does not exist.
  for (const place of [
    'core/configmaps/default/others',
    'core/configmaps/_/others',
    'foo.example.org/foos/_/others',
  ]) {
    const told = await Promise.all(
      [cluster, cluster.replaceAll(/./g, '0')].map(async id => {
        const { status, body } = await portals[0].call(
          `GET /clusters/${id}/resources/${place}/history`,
          { as: 'owner' },
        );
        const said: string = body.error.message;
        return [status, said.replaceAll(id, 'ID')];
      }),
    );
    assert.equal(told[0][0], 404);
    assert.deepEqual(told[0], told[1]);
  }
  const anonymous = await portals[0].call(
    `GET /clusters/${cluster}/resources/${CONFIG_MAPS}/default/others/history`,
  );
  assert.equal(anonymous.status, 401);
});

test('tells events that the cluster has forgotten to who asks for them and may read it', async () => {
  const HOUR_MS = 60 * 60 * 1000;
  const [name, path] = ['forgotten', '/api/v1/namespaces/default/events'];
  const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const eventsOf = (since?: string, as?: DemoUser) =>
    call(
      `GET /views/events?namespace=default&involved=ConfigMap/${name}${
        since === undefined ? '' : `&since=${since}`
      }`,
      { as },
    );
  const until = async (what: string, holds: () => Promise<boolean>) => {
    const deadline = Date.now() + 2 * WITHIN_MS;
    while (!(await holds())) {
      assert.ok(Date.now() < deadline, `never ${what}`);
      await sleep(500);
    }
  };
  await kube('POST', path, {
    body: {
      ...{ apiVersion: 'v1', kind: 'Event', metadata: { name } },
      involvedObject: { kind: 'ConfigMap', namespace: 'default', name },
      ...{ type: 'Warning', reason: 'Forgotten', message: 'It was long ago' },
      ...{ firstTimestamp: at, lastTimestamp: at, count: 1 },
    },
  });
  await until('recorded', async () => {
    const kept = await database.query(
      `SELECT uid FROM k8s.event_history WHERE involved_name = '${name}'`,
    );
    return kept.length > 0;
  });
  await kube('DELETE', `${path}/${name}`);
  await until('forgotten', async () => {
    const { status, body } = await eventsOf();
    return status === 200 && body.rows.length === 0;
  });

  const before = new Date(Date.parse(at) - HOUR_MS).toISOString();
  const { status, body } = await eventsOf(before, 'viewer');
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(
    body.rows.map(({ reason, involved }: Record<string, unknown>) => [
      reason,
      involved,
    ]),
    [['Forgotten', { kind: 'ConfigMap', namespace: 'default', name }]],
  );
  const later = new Date(Date.parse(at) + HOUR_MS).toISOString();
  assert.deepEqual((await eventsOf(later)).body.rows, []);
  assert.equal((await eventsOf('long-ago')).status, 400);
  // The owner of another cluster does not see this one.
  assert.equal((await eventsOf(before, 'owner')).status, 404);
});

test('the cache tells administrators how many requests and changes there were', async () => {
  const { status, body } = await portals[0].call('GET /cache', { as: 'admin' });
  assert.equal(status, 200, JSON.stringify(body));
  const calls = body.clusters.find(
    (one: { cluster: string }) => one.cluster === cluster,
  );
  assert.ok(calls.calls > 0);
  assert.ok(calls.callsPerMinute <= calls.calls);
  assert.ok(body.history.recorded > 0);
  assert.equal(body.history.dropped, 0);
  const forViewer = await portals[0].call('GET /cache', { as: 'viewer' });
  assert.deepEqual(forViewer.body.kinds, []);
  assert.deepEqual(forViewer.body.clusters, []);
});
