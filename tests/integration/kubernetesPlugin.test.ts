/**
 * Backstage's own kubernetes plugin, in the same back end, reads a service's objects through the suite's proxy: as the user who looks, on
 * clusters that are open to it, and nothing else; and the proxy itself, asked directly.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import { TestPortal } from './support/TestPortal.ts';

const LABEL = { 'backstage-k8s.io/kubernetes-plugin': 'enabled' };
const SECRET = 'planted0Zq7Xw3KpZq7Xw3KpZq7Xw3Kp';
const WITHIN_MS = 30_000;

let server: TestApiServer;
let portal: TestPortal;
let cluster: string;
let selector: string;
let namespace: string;

/** A request of the Kubernetes API through the suite's proxy. */
async function kube(
  route: string,
  options: {
    as?: DemoUser;
    body?: unknown;
    headers?: Record<string, string>;
    id?: string;
  } = {},
) {
  const { as = 'viewer', id = cluster } = options;
  const [method, path] = route.split(' ');
  return portal.call(`${method} /clusters/${id}/proxy${path}`, {
    ...options,
    as,
  });
}

/** A request of Backstage's own plugin. */
async function plugin(
  route: string,
  options: { as: DemoUser; body?: unknown; headers?: Record<string, string> },
) {
  const [method, path] = route.split(' ');
  const answer = await fetch(`${portal.url}/api/kubernetes${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${await portal.token(options.as)}`,
      ...(options.body !== undefined && { 'Content-Type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  });
  const text = await answer.text();
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    body = text;
  }
  return { status: answer.status, body };
}

const podManifest = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    labels: Object.fromEntries([selector.split('=')]),
  },
  spec: { containers: [{ name: 'main', image: 'registry.example/app:1.0.0' }] },
});

async function eventually(what: string, holds: () => Promise<boolean>) {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `never ${what}`);
    await sleep(250);
  }
}

let entity: { metadata: { annotations: Record<string, string> } };

/** What the plugin's entity tab asks for. */
async function objectsOfService(as: DemoUser) {
  const { status, body } = await plugin('POST /services/payments', {
    as,
    body: { entity, auth: {} },
  });
  assert.equal(status, 200, JSON.stringify(body));
  const items = body.items as {
    cluster: { name: string };
    resources: { type: string; resources: { metadata: { name: string } }[] }[];
    errors: unknown[];
  }[];
  return {
    clusters: items.map(item => item.cluster.name),
    pods: items
      .flatMap(({ resources }) => resources)
      .filter(({ type }) => type === 'pods')
      .flatMap(({ resources }) =>
        resources.map(({ metadata }) => metadata.name),
      ),
    errors: items.flatMap(({ errors }) => errors),
  };
}

before(async () => {
  server = await TestApiServer.start();
  portal = await TestPortal.start({
    config: {
      kubernetes: { serviceLocatorMethod: { type: 'multiTenant' } },
      k8s: {
        permission: {
          // Without the demo's owner, who may see nothing here.
          bindings: [
            { role: 'K8sViewer', users: ['user:default/viewer'] },
            { role: 'K8sOperator', users: ['user:default/operator'] },
            { role: 'K8sAdmin', groups: ['group:default/platform'] },
          ],
        },
      },
    },
  });
  const token = await portal.token('viewer');
  await eventually('in the catalog', async () => {
    const answer = await fetch(
      `${portal.url}/api/catalog/entities/by-name/component/default/payments`,
      { headers: { Authorization: `Bearer ${token}` } },
    );
    if (answer.status !== 200) return false;
    entity = (await answer.json()) as typeof entity;
    return true;
  });
  const { annotations } = entity.metadata;
  selector =
    annotations['backstage.io/kubernetes-label-selector'] ??
    `backstage.io/kubernetes-id=${annotations['backstage.io/kubernetes-id']}`;
  namespace = annotations['backstage.io/kubernetes-namespace'] ?? 'default';
  const registered = await portal.call('POST /clusters', {
    as: 'admin',
    body: {
      name: 'Open one',
      server: `https://127.0.0.1:${server.port}`,
      caData: server.caData,
      token: server.token,
    },
  });
  assert.equal(registered.status, 200, JSON.stringify(registered.body));
  cluster = registered.body.id;
});

after(async () => {
  await portal?.stop();
  await server?.stop();
});

test('a cluster is closed until somebody who may edit it opens it, which is audited', async () => {
  const closed = await kube('GET /api/v1/namespaces');
  assert.equal(closed.status, 403);
  assert.equal(closed.body.kind, 'Status');
  assert.match(closed.body.message, /backstage-k8s\.io\/kubernetes-plugin/);
  assert.deepEqual((await plugin('GET /clusters', { as: 'viewer' })).body, {
    items: [],
  });
  const refused = await portal.call(`PUT /clusters/${cluster}`, {
    as: 'operator',
    body: { labels: LABEL },
  });
  assert.equal(refused.status, 403);
  const opened = await portal.call(`PUT /clusters/${cluster}`, {
    as: 'admin',
    body: { labels: LABEL },
  });
  assert.equal(opened.status, 200);
  const audit = await portal.call('GET /audit?action=cluster.update', {
    as: 'admin',
  });
  assert.deepEqual(audit.body.entries[0].details.labels, LABEL);
  const { body } = await plugin('GET /clusters', { as: 'viewer' });
  assert.deepEqual(
    body.items.map(({ title }: { title: string }) => title),
    ['Open one'],
  );
});

test('objects are made, changed and deleted as far as the caller may, and that is audited', async () => {
  if (namespace !== 'default') {
    const made = await kube('POST /api/v1/namespaces', {
      as: 'operator',
      body: {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
      },
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
  }
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const refused = await kube(`POST ${pods}`, { body: podManifest('web-1') });
  assert.equal(refused.status, 403);
  assert.equal(refused.body.reason, 'Forbidden');
  assert.match(refused.body.message, /K8sOperator/);
  for (const name of ['web-1', 'web-2', 'web-3']) {
    const made = await kube(`POST ${pods}`, {
      as: 'operator',
      body: podManifest(name),
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    assert.equal(made.body.kind, 'Pod');
    assert.equal(made.body.metadata.name, name);
  }
  const again = await kube(`POST ${pods}`, {
    as: 'operator',
    body: podManifest('web-1'),
  });
  assert.equal(again.status, 409);
  const patch = { metadata: { annotations: { seen: 'yes' } } };
  const wrongType = await kube(`PATCH ${pods}/web-1`, {
    as: 'operator',
    body: patch,
  });
  assert.equal(wrongType.status, 400);
  const changed = await kube(`PATCH ${pods}/web-1`, {
    as: 'operator',
    body: patch,
    headers: { 'Content-Type': 'application/merge-patch+json' },
  });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.equal(changed.body.metadata.annotations.seen, 'yes');
  const other = await kube(`PATCH ${pods}/web-1`, {
    as: 'operator',
    body: { metadata: { name: 'web-2' } },
    headers: { 'Content-Type': 'application/merge-patch+json' },
  });
  assert.equal(other.status, 400);
  assert.equal((await kube(`DELETE ${pods}/web-3`)).status, 403);
  const deleted = await kube(`DELETE ${pods}/web-3`, { as: 'operator' });
  assert.equal(deleted.status, 200, JSON.stringify(deleted.body));
  assert.equal(deleted.body.status, 'Success');
  const { body } = await portal.call('GET /audit?limit=100', { as: 'admin' });
  const seen = body.entries.map(
    ({ action, outcome }: { action: string; outcome: string }) =>
      `${action} ${outcome}`,
  );
  for (const entry of [
    'pod.create succeeded',
    'pod.create refused',
    'pod.patch succeeded',
    'pod.delete succeeded',
    'pod.delete refused',
  ]) {
    assert.ok(seen.includes(entry), `${entry} is not in ${seen.join(', ')}`);
  }
});

test('lists, objects and discovery documents have the shapes of Kubernetes', async () => {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const list = await kube(
    `GET ${pods}?labelSelector=${encodeURIComponent(selector)}&limit=500`,
  );
  assert.equal(list.status, 200, JSON.stringify(list.body));
  assert.equal(list.body.kind, 'PodList');
  assert.equal(list.body.apiVersion, 'v1');
  assert.ok(list.body.metadata.resourceVersion);
  assert.deepEqual(
    list.body.items
      .map((item: { metadata: { name: string } }) => item.metadata.name)
      .sort(),
    ['web-1', 'web-2'],
  );
  const none = await kube(`GET ${pods}?labelSelector=app%3Dnone`);
  assert.deepEqual(none.body.items, []);
  const one = await kube(`GET ${pods}/web-1`);
  assert.equal(one.body.spec.containers[0].name, 'main');
  const missing = await kube(`GET ${pods}/nothing`);
  assert.equal(missing.status, 404);
  assert.equal(missing.body.code, 404);
  assert.equal((await kube('GET /api')).body.kind, 'APIVersions');
  const groups = await kube('GET /apis');
  assert.ok(
    groups.body.groups.some(({ name }: { name: string }) => name === 'apps'),
  );
  const apps = await kube('GET /apis/apps/v1');
  assert.ok(
    apps.body.resources.some(
      ({ name, verbs }: { name: string; verbs: string[] }) =>
        name === 'deployments' && !verbs.includes('watch'),
    ),
  );
  assert.match((await kube('GET /version')).body.gitVersion, /^v1\./);
});

test('what is no read or change of an object is refused by its path, whatever the method', async () => {
  const pod = `/api/v1/namespaces/${namespace}/pods/web-1`;
  for (const sub of ['exec', 'attach', 'portforward', 'proxy', 'log']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { status, body } = await kube(`${method} ${pod}/${sub}`, {
        as: 'admin',
        ...(method === 'POST' && { body: {} }),
      });
      assert.equal(status, 403, `${method} ${sub} ${JSON.stringify(body)}`);
      assert.match(body.message, /Sub-resources/);
    }
  }
  const { body: audit } = await portal.call(
    'GET /audit?action=proxy.subresource',
    { as: 'admin' },
  );
  assert.equal(audit.entries.length, 15);
  const refused: [string, number][] = [
    ['GET /api/v1/nodes/one/proxy/metrics', 403],
    ['GET /api/v1/proxy/nodes/one', 403],
    [`GET /api/v1/namespaces/${namespace}/services/a/proxy`, 403],
    ['GET /metrics', 400],
    ['GET /logs/kubelet.log', 400],
    ['GET /readyz', 400],
    ['GET /openapi/v2', 400],
    ['GET /api/v1/namespaces/UPPER/pods', 400],
    [`GET /api/v1/namespaces/${namespace}/pods/..%2f..%2fsecrets`, 400],
    [`GET /api/v1/namespaces/${namespace}/pods?watch=true`, 400],
    [`GET /api/v1/namespaces/${namespace}/pods?fieldSelector=a`, 400],
    ['GET /api/v1/nothings', 404],
    ['GET /api/v9/pods', 404],
    ['PUT /api/v1/namespaces/default', 405],
    [`DELETE /api/v1/namespaces/${namespace}/pods`, 405],
  ];
  for (const [route, expected] of refused) {
    const { status, body } = await kube(route, { as: 'admin' });
    assert.equal(status, expected, `${route} ${JSON.stringify(body)}`);
  }
});

test('no header of the client counts, and no value of a Secret is told', async () => {
  const made = await kube(`POST /api/v1/namespaces/${namespace}/secrets`, {
    as: 'admin',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hidden' },
      stringData: { password: SECRET },
    },
  });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  const headers = {
    'Impersonate-User': 'admin',
    'Impersonate-Group': 'system:masters',
    'X-Remote-User': 'admin',
    Connection: 'keep-alive',
  };
  const texts = [JSON.stringify(made.body)];
  for (const as of ['viewer', 'admin'] as const) {
    for (const path of ['secrets', 'secrets/hidden']) {
      const { body } = await kube(
        `GET /api/v1/namespaces/${namespace}/${path}`,
        { as, headers },
      );
      texts.push(JSON.stringify(body));
    }
  }
  const encoded = Buffer.from(SECRET).toString('base64');
  for (const text of texts) {
    assert.ok(!text.includes(SECRET) && !text.includes(encoded), text);
  }
  const refused = await kube(
    `DELETE /api/v1/namespaces/${namespace}/secrets/hidden`,
    { headers },
  );
  assert.equal(refused.status, 403);
  assert.equal(refused.body.message.includes('K8sOperator'), true);
});

test('a cluster that may not be seen is one that does not exist; without a token nothing is told', async () => {
  const missing = await kube('GET /api/v1/pods', {
    id: 'abcdefabcdefabcdefab',
    as: 'owner',
  });
  const hidden = await kube('GET /api/v1/pods', { as: 'owner' });
  assert.equal(hidden.status, 404);
  assert.equal(hidden.body.kind, 'Status');
  assert.equal(
    hidden.body.message.replace(cluster, 'abcdefabcdefabcdefab'),
    missing.body.message,
  );
  const anonymous = await fetch(
    `${portal.url}/api/k8s/clusters/${cluster}/proxy/api/v1/pods`,
  );
  assert.equal(anonymous.status, 401);
});

test("Backstage's own plugin lists a service's pods as the user who looks", async () => {
  const seen = await objectsOfService('viewer');
  assert.deepEqual(seen.clusters, ['open-one']);
  assert.deepEqual(seen.pods.sort(), ['web-1', 'web-2']);
  // Kinds that the cluster does not serve may be missing; nothing else fails.
  assert.deepEqual(seen.errors, []);
  assert.deepEqual(await objectsOfService('owner'), {
    clusters: [],
    pods: [],
    errors: [],
  });
});

test("its proxy acts as the user, too, and carries no one else's identity", async () => {
  const headers = { 'Backstage-Kubernetes-Cluster': 'open-one' };
  const pods = `/proxy/api/v1/namespaces/${namespace}/pods`;
  const list = await plugin(`GET ${pods}`, { as: 'viewer', headers });
  assert.equal(list.status, 200, JSON.stringify(list.body));
  assert.equal(list.body.kind, 'PodList');
  const refused = await plugin(`DELETE ${pods}/web-2`, {
    as: 'viewer',
    headers,
  });
  assert.equal(refused.status, 403);
  const forged = await plugin(`GET ${pods}`, {
    as: 'viewer',
    headers: {
      ...headers,
      'Backstage-Kubernetes-Authorization': 'Bearer forged',
    },
  });
  assert.equal(forged.status, 401);
  const exec = await plugin(`GET ${pods}/web-1/exec?command=id`, {
    as: 'admin',
    headers,
  });
  assert.ok([400, 403].includes(exec.status), JSON.stringify(exec.body));
  const deleted = await plugin(`DELETE ${pods}/web-2`, {
    as: 'operator',
    headers,
  });
  assert.equal(deleted.status, 200, JSON.stringify(deleted.body));
  const { body } = await portal.call('GET /audit?action=pod.delete', {
    as: 'admin',
  });
  const [last] = body.entries;
  assert.match(JSON.stringify(last), /user:default\/operator/);
});

test('a closed cluster is gone from it at once', async () => {
  await portal.call(`PUT /clusters/${cluster}`, {
    as: 'admin',
    body: { labels: {} },
  });
  const seen = await objectsOfService('viewer');
  assert.deepEqual(seen, { clusters: [], pods: [], errors: [] });
});
