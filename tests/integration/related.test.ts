/** The graph of what objects have to do with each other, on a real cluster, for who may see all of it and who may not. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

const SEEN_WITHIN_MS = 60_000;
const SUFFIX = randomBytes(4).toString('hex');
const OPEN = `related-${SUFFIX}`;
const CLOSED = `related-closed-${SUFFIX}`;
const PASSWORD = `very-secret-${SUFFIX}`;

interface Graph {
  nodes: {
    id: string;
    name: string;
    namespace?: string;
    missing?: boolean;
    health: { state: string };
  }[];
  edges: { from: string; to: string; relation: string }[];
  truncated?: boolean;
}
type User = 'admin' | 'viewer';

let portal: TestPortal;
let cluster: string;

async function related(path: string, as: User = 'admin'): Promise<Graph> {
  const { status, body } = await portal.call(
    `GET /clusters/${cluster}/resources/${path}/related`,
    { as },
  );
  assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  return body;
}

const edges = (graph: Graph) =>
  graph.edges.map(({ from, to, relation }) => `${from} ${relation} ${to}`);

/** Reads a graph until it has these edges; controllers take their time. */
async function withEdges(
  path: string,
  wanted: string[],
  as: User = 'admin',
): Promise<Graph> {
  const giveUpAt = Date.now() + SEEN_WITHIN_MS;
  for (;;) {
    const graph = await related(path, as);
    const missing = wanted.filter(edge => !edges(graph).includes(edge));
    if (missing.length === 0 && !graph.truncated) return graph;
    assert.ok(
      Date.now() < giveUpAt,
      `${path} lacks ${missing.join('; ')}: ${JSON.stringify(graph)}`,
    );
    await sleep(300);
  }
}

async function create(
  namespace: string,
  resource: string,
  manifest: Record<string, unknown> & { metadata: { name: string } },
) {
  const { status, body } = await portal.call(
    `POST /clusters/${cluster}/resources/${resource}`,
    {
      as: 'admin',
      body: {
        manifest: {
          ...manifest,
          metadata: { ...manifest.metadata, namespace },
        },
      },
    },
  );
  assert.equal(status, 200, `${resource}: ${JSON.stringify(body)}`);
}

const labels = { app: 'web' };
const metadata = { name: 'web' };

async function createService(namespace: string) {
  await create(namespace, 'core/services', {
    ...{ apiVersion: 'v1', kind: 'Service', metadata },
    spec: { selector: labels, ports: [{ port: 80 }] },
  });
}

before(async () => {
  portal = await TestPortal.start({
    config: {
      k8s: {
        permission: {
          bindings: [
            { role: 'K8sAdmin', users: ['user:default/admin'] },
            {
              role: 'K8sViewer',
              users: ['user:default/viewer'],
              namespaces: [OPEN],
            },
          ],
        },
      },
    },
  });
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-eu', kubeconfig },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
  for (const name of [OPEN, CLOSED]) {
    const made = await portal.call(`POST /clusters/${cluster}/namespaces`, {
      as: 'admin',
      body: { name },
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
  }
  await create(OPEN, 'core/configmaps', {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata },
    data: { color: 'red' },
  });
  await create(OPEN, 'core/secrets', {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata },
    stringData: { password: PASSWORD },
  });
  await create(OPEN, 'apps/deployments', {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'app',
              image: 'registry.example/shop/app:1',
              envFrom: [
                { configMapRef: { name: 'absent', optional: false } },
                { secretRef: { name: 'web' } },
              ],
            },
          ],
          volumes: [{ name: 'config', configMap: { name: 'web' } }],
        },
      },
    },
  });
  await createService(OPEN);
  await create(OPEN, 'networking.k8s.io/ingresses', {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata },
    spec: {
      defaultBackend: { service: { name: 'web', port: { number: 80 } } },
    },
  });
  await create(OPEN, 'networking.k8s.io/networkpolicies', {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata },
    spec: { podSelector: { matchLabels: labels } },
  });
  await create(OPEN, 'autoscaling/horizontalpodautoscalers', {
    ...{
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
    },
    spec: {
      scaleTargetRef: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        ...metadata,
      },
      minReplicas: 1,
      maxReplicas: 1,
    },
  });
  // The same again where the viewer may not look.
  await createService(CLOSED);
});

after(async () => {
  for (const namespace of cluster ? [OPEN, CLOSED] : []) {
    await portal.call(`DELETE /clusters/${cluster}/namespaces/${namespace}`, {
      as: 'admin',
    });
  }
  await portal?.stop();
});

const DEPLOYMENT = `apps/deployments/${OPEN}/web`;

/** The replica set and the pod that the cluster made. */
async function made(): Promise<{ replicaSet: string; pod: string }> {
  const giveUpAt = Date.now() + SEEN_WITHIN_MS;
  for (;;) {
    const { nodes } = await related(DEPLOYMENT);
    const find = (plural: string) =>
      nodes.find(({ id }) => id.startsWith(`${plural}/${OPEN}/web-`))?.id;
    const replicaSet = find('apps/replicasets');
    const pod = find('core/pods');
    if (replicaSet && pod) return { replicaSet, pod };
    assert.ok(Date.now() < giveUpAt, JSON.stringify(nodes));
    await sleep(300);
  }
}

test('a deployment leads to all that is around it', async () => {
  const { replicaSet, pod } = await made();
  const graph = await withEdges(DEPLOYMENT, [
    `${DEPLOYMENT} owns ${replicaSet}`,
    `${replicaSet} owns ${pod}`,
    `${DEPLOYMENT} mounts core/configmaps/${OPEN}/web`,
    `${DEPLOYMENT} uses core/secrets/${OPEN}/web`,
    `${pod} mounts core/configmaps/${OPEN}/web`,
    `${pod} uses core/secrets/${OPEN}/web`,
    `${pod} uses core/serviceaccounts/${OPEN}/default`,
    `core/services/${OPEN}/web selects ${pod}`,
    `networking.k8s.io/networkpolicies/${OPEN}/web restricts ${pod}`,
    `autoscaling/horizontalpodautoscalers/${OPEN}/web scales ${DEPLOYMENT}`,
  ]);
  assert.equal(graph.nodes[0].id, DEPLOYMENT);
  assert.ok(
    graph.edges.some(
      ({ from, to, relation }) =>
        from === pod &&
        relation === 'runsOn' &&
        to.startsWith('core/nodes/_/dev-eu-node-'),
    ),
    'the pod runs on a node',
  );
  assert.deepEqual(
    graph.nodes.filter(({ missing }) => missing).map(({ id }) => id),
    [`core/configmaps/${OPEN}/absent`],
  );
  assert.doesNotMatch(
    JSON.stringify(graph),
    new RegExp(`${PASSWORD}|${Buffer.from(PASSWORD).toString('base64')}`),
  );
});

test('an ingress leads by its service to pods and their endpoints', async () => {
  const { pod } = await made();
  const service = `core/services/${OPEN}/web`;
  const ingress = `networking.k8s.io/ingresses/${OPEN}/web`;
  const graph = await withEdges(ingress, [
    `${ingress} routes ${service}`,
    `${service} selects ${pod}`,
  ]);
  const slice = graph.edges.find(
    ({ from, relation }) => from === service && relation === 'owns',
  );
  assert.match(String(slice?.to), /^discovery\.k8s\.io\/endpointslices\//);
  const back = await related(`core/configmaps/${OPEN}/web`);
  assert.ok(
    edges(back).includes(`${DEPLOYMENT} mounts core/configmaps/${OPEN}/web`),
  );
});

test('who may see one namespace sees nothing of others', async () => {
  const { pod } = await made();
  const graph = await withEdges(
    DEPLOYMENT,
    [`core/services/${OPEN}/web selects ${pod}`],
    'viewer',
  );
  assert.deepEqual(
    graph.nodes.filter(({ namespace }) => namespace !== OPEN),
    [],
  );
  assert.doesNotMatch(JSON.stringify(graph), /dev-eu-node|closed/);
  const ask = (name: string) =>
    portal.call(
      `GET /clusters/${cluster}/resources/core/services/${CLOSED}/${name}/related`,
      { as: 'viewer' },
    );
  const hidden = await ask('web');
  const absent = await ask('absent');
  assert.equal(hidden.status, 404);
  assert.equal(absent.status, 404);
  assert.equal(
    hidden.body.error.message.replace('"web"', '"absent"'),
    absent.body.error.message,
  );
});
