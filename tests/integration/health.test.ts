/**
 * Each process of a development cluster is stopped in turn: its component turns, and no other. Then the whole cluster dies and
 * comes back.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { KubernetesClient } from '../../dev/portal/clusters/KubernetesClient.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

const CLUSTER = 'dev-us';
/** A lease runs 15 seconds after its last renewal, health is checked every ten, and the machine may be busy. */
const TURNED_WITHIN_MS = 60_000;
/** What was stopped may have lost its lease and has to start anew. */
const RECOVERED_WITHIN_MS = 180_000;
const PAUSE_MS = 1_000;

interface Component {
  name: string;
  status: string;
  message?: string;
  source: string;
  seen?: string;
}

let portal: TestPortal;
let cluster: string;
let kubernetes: KubernetesClient;

before(async () => {
  portal = await TestPortal.start();
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', CLUSTER);
  const config = parse(kubeconfig);
  const { server, ...trust } = config.clusters[0].cluster;
  kubernetes = new KubernetesClient({
    server,
    certificateAuthority: Buffer.from(
      trust['certificate-authority-data'],
      'base64',
    ).toString(),
    token: config.users[0].user.token,
  });
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name: CLUSTER, kubeconfig, owner: 'group:default/platform' },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
  await untilHealthy();
});

after(async () => {
  await portal?.stop();
  await portalCommand('cluster', 'up', CLUSTER);
});

async function checkNow(): Promise<{
  status: string;
  components: Component[];
}> {
  const { status, body } = await portal.call(
    `POST /clusters/${cluster}/health`,
    { as: 'admin' },
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

const statusesOf = (components: Component[]) =>
  Object.fromEntries(components.map(({ name, status }) => [name, status]));

async function untilHealthy() {
  const giveUpAt = Date.now() + RECOVERED_WITHIN_MS;
  for (;;) {
    const health = await checkNow();
    if (health.status === 'healthy') return health;
    assert.ok(Date.now() < giveUpAt, JSON.stringify(health.components));
    await sleep(PAUSE_MS);
  }
}

/** Checks until the component turned; all others have to be what they were, each time. */
async function untilTurned(name: string, before_: Component[]) {
  const others = (components: Component[]) => {
    const { [name]: _, ...rest } = statusesOf(components);
    return rest;
  };
  const giveUpAt = Date.now() + TURNED_WITHIN_MS;
  for (;;) {
    const health = await checkNow();
    assert.deepEqual(
      others(health.components),
      others(before_),
      JSON.stringify(health.components),
    );
    const component = health.components.find(each => each.name === name);
    assert.ok(component);
    if (component.status !== 'healthy') return { health, component };
    assert.ok(Date.now() < giveUpAt, `${name} did not turn`);
    await sleep(PAUSE_MS);
  }
}

test('every component says its source and when it was seen', async () => {
  const { components } = await checkNow();
  assert.deepEqual(
    components.map(({ name }) => name),
    [
      ...['apiserver', 'etcd', 'controller-manager', 'scheduler', 'nodes'],
      ...['versions', 'certificates', 'connection'],
    ],
  );
  for (const { name, source, seen, status } of components) {
    assert.equal(status, 'healthy', name);
    assert.ok(source, name);
    assert.ok(Date.now() - Date.parse(seen ?? '') < 60_000, name);
  }
});

test('a node that runs short of something turns the nodes and no other', async () => {
  const before_ = (await untilHealthy()).components;
  const { items } = await kubernetes.call<{
    items: { metadata: { name: string } }[];
  }>('GET', '/api/v1/nodes');
  const [{ metadata }] = items;
  const setShort = (status: 'True' | 'False') =>
    kubernetes.call('PATCH', `/api/v1/nodes/${metadata.name}/status`, {
      contentType: 'application/strategic-merge-patch+json',
      body: { status: { conditions: [{ type: 'MemoryPressure', status }] } },
    });
  await setShort('True');
  try {
    const { health, component } = await untilTurned('nodes', before_);
    assert.equal(component.status, 'degraded');
    assert.equal(health.status, 'degraded');
    assert.equal(
      component.message,
      `1 of ${items.length} nodes run short: ${metadata.name} (memory)`,
    );
  } finally {
    await setShort('False');
  }
  await untilHealthy();
});

// Those that lose their lease when the ones below them stop come first.
const PROCESSES = [
  ['kube-scheduler', 'scheduler', 'unhealthy', 'degraded'],
  ['kube-controller-manager', 'controller-manager', 'unhealthy', 'degraded'],
  ['etcd', 'etcd', 'unhealthy', 'unhealthy'],
  ['kube-apiserver', 'apiserver', 'unreachable', 'unreachable'],
] as const;

for (const [process, name, status, overall] of PROCESSES) {
  test(`stopping ${process} turns ${name} and no other`, async () => {
    const before_ = (await untilHealthy()).components;
    await portalCommand('cluster', 'pause', CLUSTER, process);
    try {
      const { health, component } = await untilTurned(name, before_);
      assert.equal(component.status, status);
      assert.equal(health.status, overall);
      assert.ok(component.message);
      // Of the others nothing newer is known than when they were seen.
      for (const each of health.components) {
        const old = before_.find(other => other.name === each.name);
        assert.ok((each.seen ?? '') >= (old?.seen ?? ''), each.name);
      }
    } finally {
      await portalCommand('cluster', 'resume', CLUSTER, process);
      await portalCommand('cluster', 'up', CLUSTER);
    }
    await untilHealthy();
  });
}

test('a change of status is in the history and the audit, and the owner is told', async () => {
  const { body: health } = await portal.call(
    `GET /clusters/${cluster}/health`,
    { as: 'viewer' },
  );
  for (const [, name, status] of PROCESSES) {
    assert.ok(
      health.history.some(
        (row: Component & { component: string }) =>
          row.component === name && row.status === status,
      ),
      name,
    );
  }
  const { body: audit } = await portal.call('GET /audit?limit=100', {
    as: 'admin',
  });
  const told = audit.entries.filter(
    (entry: { action: string; actor: string }) =>
      entry.action === 'cluster.health' && entry.actor === 'system',
  );
  assert.ok(told.length >= PROCESSES.length * 2, JSON.stringify(told));
  const answer = await fetch(
    `${portal.url}/api/notifications/notifications?topic=k8s.health`,
    { headers: { Authorization: `Bearer ${await portal.token('admin')}` } },
  );
  const { notifications } = (await answer.json()) as {
    notifications: { payload: { title: string; link: string } }[];
  };
  // One for the cluster: the next change replaces it.
  assert.equal(notifications.length, 1, JSON.stringify(notifications));
  assert.match(notifications[0].payload.title, /^The cluster dev-us is /);
  assert.equal(notifications[0].payload.link, `/k8s/clusters/${cluster}`);
});

test('a cluster that dies is unreachable by itself, keeps its data, and comes back', async () => {
  await untilHealthy();
  await portalCommand('cluster', 'kill', CLUSTER);
  const row = async () => {
    const { body } = await portal.call('GET /clusters', { as: 'viewer' });
    return body.clusters[0];
  };
  const until = async (status: string, withinMs: number) => {
    const giveUpAt = Date.now() + withinMs;
    while ((await row()).status !== status) {
      assert.ok(Date.now() < giveUpAt, JSON.stringify(await row()));
      await sleep(PAUSE_MS);
    }
  };
  // Nobody asks for a check here: the schedule notices.
  await until('unreachable', TURNED_WITHIN_MS);
  const dead = await row();
  assert.match(dead.version, /^v1\./);
  assert.ok(dead.statusReason);
  await portalCommand('cluster', 'up', CLUSTER);
  await until('healthy', RECOVERED_WITHIN_MS);
});
