/**
 * What each route that reads tells a user whom a cluster in impersonation mode lets see one namespace; and, so that none of it holds for
 * want of anything to hide, what it tells the same user of the other namespace once the portal decides alone.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLUSTERS } from '../../dev/portal/clusters/clusterTable.ts';
import { DevelopmentCluster } from '../../dev/portal/clusters/DevelopmentCluster.ts';
import type { KubernetesObject } from '../../dev/portal/clusters/KubernetesClient.ts';
import { createDatabase } from './support/createDatabase.ts';
import type { TestDatabase } from './support/createDatabase.ts';
import { openApiChoices } from './support/openApiRoutes.ts';
import { TestPortal } from './support/TestPortal.ts';
import type { Answer } from './support/TestPortal.ts';

const SUFFIX = randomBytes(4).toString('hex');
const SEEN = `reads-${SUFFIX}-seen`;
const HIDDEN = `reads-${SUFFIX}-hidden`;
/** What is in a namespace has its name, so that it is known wherever it is told. */
const NAMESPACES = [HIDDEN, SEEN];
/** An object of every namespace that does not exist. */
const NOTHING = `reads-${SUFFIX}-nothing`;
const RBAC = 'rbac.authorization.k8s.io';
const VIEWER = {
  apiGroup: RBAC,
  kind: 'User',
  name: 'backstage:user:default/viewer',
};
const ENTITY = 'component:default/orders';
const SERVICE = { 'backstage.io/kubernetes-id': 'orders' };
const NODE = 'dev-eu-node-';
/** The portal records events once a minute. */
const WITHIN_MS = 120_000;

const development = new DevelopmentCluster(CLUSTERS[0]);
let database: TestDatabase;
let portal: TestPortal;
let cluster: string;
/** Name of the pod of each namespace. */
const pods = new Map<string, string>();

/** A route as the name of a test. */
const titleOf = (route: string) => route.replaceAll(SUFFIX, '…');

/** A route with what it says in braces filled in. */
function filled(route: string, values: Record<string, string> = {}): string {
  const all: Record<string, string> = {
    ...{ cluster, seen: SEEN, hidden: HIDDEN },
    since: encodeURIComponent(new Date(Date.now() - 3_600_000).toISOString()),
    entity: encodeURIComponent(ENTITY),
    ...values,
  };
  return route.replace(/\{(\w+)\}/g, (_, name) => all[name]);
}

const call = (route: string, body?: unknown): Promise<Answer> =>
  portal.call(route, { as: 'viewer', body });

async function eventually(
  what: () => string,
  holds: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, what());
    await sleep(250);
  }
}

/** Waits until a route's answer is whole and has a text. */
async function untilHeld(route: string, text?: string): Promise<string> {
  let answer = '';
  await eventually(
    () => `${route} lacks ${text}: ${answer.slice(0, 2_000)}`,
    async () => {
      const { status, body } = await call(route);
      answer = JSON.stringify(body);
      if (answer.includes('"state":"syncing"')) return false;
      return text === undefined || (status === 200 && answer.includes(text));
    },
  );
  return answer;
}

const apply = (object: KubernetesObject) => development.client().apply(object);

const deploymentOf = (name: string, replicas: number): KubernetesObject => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
  metadata: { name, namespace: name, labels: SERVICE },
  spec: {
    replicas,
    // Its rollout is on its way for longer than anybody looks.
    ...{ minReadySeconds: 3_600, progressDeadlineSeconds: 7_200 },
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'registry.example/shop/app:1.0.0',
            envFrom: [
              { secretRef: { name } },
              { configMapRef: { name: NOTHING } },
            ],
          },
        ],
      },
    },
  },
});

const configMapOf = (name: string, colour: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { colour } },
  metadata: { name, namespace: name, labels: SERVICE },
});

/** Name of an event that its cluster is made to forget. */
const forgottenOf = (namespace: string) => `${namespace}.forgotten`;
/** An event whose reason is its name: events that say the same are told as one, which would hide what is told of the other. */
const eventOf = (namespace: string, name: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'Event', type: 'Normal', reason: name },
  metadata: { name, namespace },
  message: 'It is told of',
  involvedObject: { kind: 'ConfigMap', namespace, name: namespace },
  lastTimestamp: new Date().toISOString(),
});

const roleOf = (
  name: string,
  options: {
    namespace?: string;
    rules: object[];
    subject: object;
  },
): KubernetesObject[] => {
  const { namespace, rules, subject } = options;
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  const apiVersion = `${RBAC}/v1`;
  return [
    { apiVersion, kind, metadata, rules },
    {
      ...{ apiVersion, kind: `${kind}Binding`, metadata },
      roleRef: { apiGroup: RBAC, kind, name },
      subjects: [subject],
    },
  ];
};

const rule = (group: string, ...resources: string[]) => ({
  ...{ apiGroups: [group], verbs: ['get', 'list'] },
  resources,
});

async function furnish(name: string): Promise<void> {
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const metadata = { name, namespace: name };
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata });
  await apply(configMapOf(name, 'blue'));
  // What a graph may lead to from the other namespace.
  const subject = { kind: 'ServiceAccount', namespace: SEEN, name: 'default' };
  const rules = [rule('', 'configmaps')];
  for (const object of roleOf(name, { namespace: name, rules, subject })) {
    await apply(object);
  }
  for (const event of [forgottenOf(name), `${name}.kept`]) {
    await apply(eventOf(name, event));
  }
  await apply(deploymentOf(name, 1));
}

async function podOf(namespace: string): Promise<string> {
  let found: string | undefined;
  await eventually(
    () => `${namespace} has no pod that runs`,
    async () => {
      const { items } = await development.client().call<{
        items: { metadata: { name: string }; status: { phase: string } }[];
      }>('GET', `/api/v1/namespaces/${namespace}/pods`);
      const pod = items.find(({ status }) => status.phase === 'Running');
      found = pod?.metadata.name;
      return found !== undefined;
    },
  );
  return found!;
}

async function forget(namespace: string): Promise<void> {
  const name = forgottenOf(namespace);
  const path = `/api/v1/namespaces/${namespace}/events/${name}`;
  await development.client().call('DELETE', path);
}

before(async () => {
  for (const name of NAMESPACES) await furnish(name);
  for (const name of NAMESPACES) pods.set(name, await podOf(name));
  const rules = [
    rule('', 'configmaps', 'pods', 'pods/log', 'events', 'serviceaccounts'),
    rule('apps', 'deployments', 'replicasets'),
    rule(RBAC, 'roles', 'rolebindings'),
  ];
  const role = roleOf('viewer', { namespace: SEEN, rules, subject: VIEWER });
  for (const object of role) await apply(object);
  database = await createDatabase();
  portal = await TestPortal.start({ postgres: database.url });
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: {
      name: 'dev-eu',
      kubeconfig: await development.kubeconfig(),
      impersonate: true,
      labels: { 'backstage-k8s.io/kubernetes-plugin': 'enabled' },
    },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
  await eventually(
    () => 'the events are not recorded',
    async () => {
      const kept = await database.query(
        'SELECT namespace, event FROM k8s.event_history',
      );
      return NAMESPACES.every(name =>
        JSON.stringify(kept).includes(forgottenOf(name)),
      );
    },
  );
  for (const name of NAMESPACES) await forget(name);
});

after(async () => {
  await portal?.stop();
  for (const path of [
    ...NAMESPACES.map(name => `/api/v1/namespaces/${name}`),
    `/apis/${RBAC}/v1/clusterroles/${SEEN}`,
    `/apis/${RBAC}/v1/clusterrolebindings/${SEEN}`,
  ]) {
    await development
      .client()
      .call('DELETE', path)
      .catch(() => undefined);
  }
});

const ON = 'GET /clusters/{cluster}';
/** Of lists that may have more than one page by now. */
const MINE = `search=reads-${SUFFIX}`;

/** A route that reads many objects. */
interface Read {
  route: string;
  /** What of the namespace that is seen it holds; absent: nothing. */
  holds?: string;
  /** What it holds without the mode only; absent: what has the name of the namespace that is hidden. */
  hides?: string;
}

const READS: Read[] = [
  { route: `${ON}/resources/apps/deployments`, holds: SEEN },
  { route: `${ON}/resources/apps/replicasets?${MINE}`, holds: SEEN },
  { route: `${ON}/resources/core/pods?${MINE}`, holds: SEEN },
  { route: `${ON}/resources/core/configmaps?${MINE}`, holds: SEEN },
  { route: `${ON}/resources/core/events?${MINE}`, holds: SEEN },
  { route: `${ON}/resources/core/secrets` },
  { route: `${ON}/resources/core/namespaces` },
  { route: `${ON}/resources/core/nodes`, hides: NODE },
  { route: `${ON}/resources/apps/deployments?namespace={hidden}` },
  { route: `${ON}/resources/core/pods?search={hidden}` },
  { route: 'GET /resources/apps/deployments', holds: SEEN },
  { route: `GET /resources/core/pods?${MINE}`, holds: SEEN },
  { route: 'GET /resources/core/nodes', hides: NODE },
  { route: `GET /search?q=reads-${SUFFIX}`, holds: SEEN },
  { route: `${ON}/deployments`, holds: SEEN },
  { route: `${ON}/deployments?namespace={hidden}` },
  { route: `${ON}/namespaces` },
  { route: 'GET /deployments?entity={entity}', holds: SEEN },
  { route: `${ON}/views/nodes`, hides: NODE },
  { route: `${ON}/views/rollouts`, holds: SEEN },
  {
    route: `${ON}/views/events`,
    holds: `${SEEN}.kept`,
    hides: `${HIDDEN}.kept`,
  },
  {
    route: `${ON}/views/events?since={since}`,
    holds: forgottenOf(SEEN),
    hides: forgottenOf(HIDDEN),
  },
  { route: `${ON}/views/events?since={since}&namespace={hidden}` },
  // What is counted, and the nodes.
  { route: ON, holds: '"deployments":1,', hides: NODE },
  {
    // What is not there is said to be missing, what is hidden is not.
    route: `${ON}/resources/apps/deployments/{seen}/{seen}/related`,
    holds: `core/configmaps/${SEEN}/${NOTHING}`,
    hides: `core/secrets/${SEEN}/${SEEN}`,
  },
  {
    route: `${ON}/resources/apps/deployments/{seen}/{seen}/related`,
    holds: `apps/replicasets/${SEEN}/`,
    hides: `core/nodes/_/${NODE}`,
  },
  {
    route: `${ON}/resources/core/serviceaccounts/{seen}/default/related`,
    holds: `rolebindings/${SEEN}/${SEEN}`,
    hides: `rolebindings/${HIDDEN}/${HIDDEN}`,
  },
  { route: `${ON}/proxy/apis/apps/v1/deployments`, holds: SEEN },
  { route: `${ON}/proxy/api/v1/pods`, holds: SEEN },
  { route: `${ON}/proxy/api/v1/namespaces/{hidden}/pods` },
  { route: `${ON}/proxy/api/v1/namespaces` },
  { route: `${ON}/proxy/api/v1/nodes`, hides: NODE },
];

const OBJECT = `${ON}/resources/apps/deployments/{namespace}/{name}`;

/** Routes that read what one object has or is. */
const OBJECT_READS: { route: string; body?: object }[] = [
  { route: OBJECT },
  { route: `${OBJECT}/related` },
  { route: `${OBJECT}/history` },
  { route: `${OBJECT}/revisions` },
  { route: `${ON}/resources/core/pods/{namespace}/{pod}` },
  { route: `${ON}/resources/core/configmaps/{namespace}/{name}` },
  { route: `${ON}/deployments/{namespace}/{name}` },
  { route: `${ON}/namespaces/{namespace}/pods/{pod}/logs` },
  {
    route: `${ON}/proxy/apis/apps/v1/namespaces/{namespace}/deployments/{name}`,
  },
  {
    route: 'POST /clusters/{cluster}/log-streams',
    body: { namespace: '{namespace}', pods: ['{pod}'] },
  },
];

/** Asks for an object of a namespace, or for one of the name `nothing`. */
async function readObject(
  { route, body }: (typeof OBJECT_READS)[number],
  namespace: string,
  isThere: boolean,
): Promise<{ status: number; said: string }> {
  const name = isThere ? namespace : NOTHING;
  const pod = isThere ? pods.get(namespace)! : NOTHING;
  const values = { namespace, name, pod };
  const sent = body && JSON.parse(filled(JSON.stringify(body), values));
  const answer = await call(filled(route, values), sent);
  const { error, message } = answer.body;
  // What was asked for is repeated.
  const said = [pod, name, namespace].reduce(
    (text, asked) => text.replaceAll(asked, 'ASKED'),
    JSON.stringify([error?.name, error?.message ?? message]),
  );
  return { status: answer.status, said };
}

/** Topics of all that there is in one cluster. */
const OF_ONE_CLUSTER = [
  ...['health', 'nodes', 'events', 'namespaces', 'deployments', 'rollouts'],
];

/** Everything that a browser is told by a stream, by the subscription's id. */
async function subscribe() {
  const topics: Record<string, object> = {
    clusters: { topic: 'clusters' },
    service: { topic: 'service', entity: ENTITY },
  };
  for (const topic of OF_ONE_CLUSTER) topics[topic] = { topic, cluster };
  for (const type of ['apps/deployments', 'core/pods', 'core/configmaps']) {
    const [group, plural] = type.split('/');
    topics[type.replace('/', '.')] = {
      ...{ topic: 'resources', cluster, group, plural },
    };
  }
  const abort = new AbortController();
  const answer = await fetch(`${portal.url}/api/k8s/streams`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${await portal.token('viewer')}`,
    },
    body: JSON.stringify({
      subscriptions: Object.entries(topics).map(([id, more]) => ({
        id,
        ...more,
      })),
    }),
    signal: abort.signal,
  });
  assert.equal(answer.status, 200);
  let text = '';
  const reading = (async () => {
    for await (const piece of answer.body!) {
      text += Buffer.from(piece as Uint8Array).toString('utf8');
    }
  })().catch(() => undefined);
  return {
    told: (id: string) =>
      text
        .split('\n\n')
        .filter(message => message.includes(`"subscription":"${id}"`))
        .join('\n'),
    close: async () => {
      abort.abort();
      await reading;
      return text;
    },
  };
}

/** Changes what is in both namespaces, the hidden one first. */
async function write(replicas: number): Promise<void> {
  for (const name of NAMESPACES) {
    await apply(configMapOf(name, `colour-${replicas}`));
    await apply(deploymentOf(name, replicas));
  }
}

/** Topics that tell of objects that are hidden, and of nodes. */
const TOPICS: Record<string, { holds?: string; hides: string }> = {
  deployments: { holds: SEEN, hides: HIDDEN },
  service: { holds: SEEN, hides: HIDDEN },
  events: { holds: SEEN, hides: HIDDEN },
  'apps.deployments': { holds: SEEN, hides: HIDDEN },
  'core.pods': { holds: SEEN, hides: HIDDEN },
  'core.configmaps': { holds: SEEN, hides: HIDDEN },
  // Those of rollouts need not differ after a change.
  rollouts: { hides: HIDDEN },
  namespaces: { hides: HIDDEN },
  nodes: { hides: NODE },
};

/** What a stream tells by topic, until it has told of a change in both namespaces what is held or hidden. */
async function toldWhile(
  replicas: number,
  until: 'holds' | 'hides',
): Promise<Map<string, string>> {
  const ids = Object.keys(TOPICS);
  const stream = await subscribe();
  try {
    await eventually(
      () => 'not all topics are open',
      async () => ids.every(id => stream.told(id) !== ''),
    );
    const lengths = new Map(ids.map(id => [id, stream.told(id).length]));
    await write(replicas);
    for (const id of ids) {
      const { holds, [until]: text } = TOPICS[id];
      if (text === undefined) continue;
      // What does not change was told at once.
      const known = holds === undefined ? 0 : lengths.get(id);
      await eventually(
        () => `${id} lacks ${text}: ${stream.told(id)}`,
        async () => stream.told(id).slice(known).includes(text),
      );
    }
    return new Map(
      [...ids, 'clusters', 'health'].map(id => [id, stream.told(id)]),
    );
  } finally {
    await stream.close();
  }
}

/** Works while a node runs short of memory. */
async function withShortNode(work: (node: string) => Promise<void>) {
  const client = development.client();
  const { items } = await client.call<{
    items: { metadata: { name: string } }[];
  }>('GET', '/api/v1/nodes');
  const [{ metadata }] = items;
  const setShort = (status: 'True' | 'False') =>
    client.call('PATCH', `/api/v1/nodes/${metadata.name}/status`, {
      contentType: 'application/strategic-merge-patch+json',
      body: { status: { conditions: [{ type: 'MemoryPressure', status }] } },
    });
  await setShort('True');
  try {
    await work(metadata.name);
  } finally {
    await setShort('False');
  }
}

/** What health says of the nodes, and in all, once that is as wanted. */
async function nodesSaid(
  holds: (message: string) => boolean,
): Promise<{ message: string; answer: string }> {
  let said = { message: '', answer: '' };
  await eventually(
    () => `health says ${said.answer}`,
    async () => {
      const { body } = await call(filled('POST /clusters/{cluster}/health'));
      const nodes = body.components.find(
        ({ name }: { name: string }) => name === 'nodes',
      );
      said = { message: nodes.message ?? '', answer: JSON.stringify(body) };
      return holds(said.message);
    },
  );
  return said;
}

test('every view and every topic of objects is read', () => {
  const { views, topics } = openApiChoices();
  const read = READS.flatMap(({ route }) => {
    const [, view] = /\/views\/(\w+)/.exec(route) ?? [];
    return view ? [view] : [];
  });
  assert.deepEqual(new Set(read), new Set(views));
  const isOfObjects = (topic: string) =>
    // What people did, which roles alone decide on.
    topic !== 'audit';
  const told = Object.keys(TOPICS).map(topic =>
    topic.includes('.') ? 'resources' : topic,
  );
  assert.deepEqual(
    new Set([...told, 'clusters', 'health']),
    new Set(topics.filter(isOfObjects)),
  );
});

describe('in impersonation mode', () => {
  for (const { route, holds, hides = HIDDEN } of READS) {
    test(`${titleOf(route)} tells of ${
      holds ? 'what is seen' : 'nothing'
    }`, async () => {
      const text = await untilHeld(filled(route), holds);
      assert.ok(!text.includes(HIDDEN), text);
      assert.ok(!text.includes(hides), text);
    });
  }

  for (const read of OBJECT_READS) {
    test(`${titleOf(
      read.route,
    )} answers what is hidden like what is not there`, async () => {
      await eventually(
        () => 'the object that is seen was not told of',
        async () => (await readObject(read, SEEN, true)).status === 200,
      );
      const hidden = await readObject(read, HIDDEN, true);
      assert.ok([403, 404].includes(hidden.status), JSON.stringify(hidden));
      assert.deepEqual(hidden, await readObject(read, HIDDEN, false));
    });
  }

  test('streams tell of changes of what is seen only', async () => {
    const told = await toldWhile(2, 'holds');
    for (const [id, text] of told) {
      assert.ok(!text.includes(HIDDEN), `${id}: ${text}`);
      const { hides = NODE } = TOPICS[id] ?? {};
      assert.ok(!text.includes(hides), `${id}: ${text}`);
    }
  });

  test('health counts nodes, and names them to who may list them', async () => {
    await withShortNode(async node => {
      const { message, answer } = await nodesSaid(said => said !== '');
      assert.match(message, /^1 of \d+ nodes run short$/);
      assert.ok(!answer.includes(node), answer);
      const clusters = await call('GET /clusters');
      assert.ok(!JSON.stringify(clusters.body).includes(node));
      const role = roleOf(SEEN, {
        rules: [rule('', 'nodes')],
        subject: VIEWER,
      });
      for (const object of role) await apply(object);
      await nodesSaid(said => said === `${message}: ${node} (memory)`);
      for (const object of role) {
        const path = await development.client().pathOf(object);
        await development.client().call('DELETE', path);
      }
      await nodesSaid(said => said === message);
    });
  });
});

describe('without the mode', () => {
  before(async () => {
    const { status, body } = await portal.call(`PUT /clusters/${cluster}`, {
      as: 'admin',
      body: { impersonate: false },
    });
    assert.equal(status, 200, JSON.stringify(body));
  });

  for (const { route, hides = HIDDEN } of READS) {
    test(`${titleOf(route)} tells of what was hidden`, async () => {
      await untilHeld(filled(route), hides);
    });
  }

  for (const read of OBJECT_READS) {
    test(`${titleOf(read.route)} answers with what was hidden`, () =>
      eventually(
        () => 'the object that was hidden was not told of',
        async () => (await readObject(read, HIDDEN, true)).status === 200,
      ));
  }

  test('streams tell of changes of what was hidden', async () => {
    await toldWhile(1, 'hides');
  });
});
