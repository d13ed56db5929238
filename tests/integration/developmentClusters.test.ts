/** The development clusters are what the other tests take them for. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import { DevelopmentCluster } from '../../dev/portal/clusters/DevelopmentCluster.ts';
import type { KubeconfigRole } from '../../dev/portal/clusters/DevelopmentCluster.ts';
import { deploySamples } from '../../dev/portal/clusters/deploySamples.ts';
import { KubernetesClient } from '../../dev/portal/clusters/KubernetesClient.ts';

const WITHIN_MS = 120_000;
const NAMESPACE = `containers-${process.pid}`;

const eu = DevelopmentCluster.named('dev-eu');
const us = DevelopmentCluster.named('dev-us');

interface Pod {
  metadata: { name: string };
  status: {
    phase: string;
    conditions?: { type: string; status: string; reason?: string }[];
    containerStatuses?: {
      ready: boolean;
      restartCount: number;
      state: Record<string, { reason?: string }>;
    }[];
  };
}

async function until(what: string, holds: () => Promise<boolean>) {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `not ${what}`);
    await sleep(200);
  }
}

before(async () => {
  await eu.up();
  await us.up();
  await eu.client().apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
  });
});

after(() => eu.client().call('DELETE', `/api/v1/namespaces/${NAMESPACE}`));

test('a service account of each role may do what the role may, and no more', async () => {
  const may = async (role: KubeconfigRole, attributes: object) => {
    const config = parse(await eu.kubeconfig(role));
    const { status } = await new KubernetesClient({
      server: config.clusters[0].cluster.server,
      certificateAuthority: eu.certificateAuthority,
      token: config.users[0].user.token,
    }).call<{ status: { allowed: boolean } }>(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: { resourceAttributes: attributes },
        },
      },
    );
    return status.allowed;
  };
  const cases: [object, KubeconfigRole[]][] = [
    [
      { verb: 'list', resource: 'pods' },
      ['viewer', 'operator', 'admin', 'portal', 'cluster-admin'],
    ],
    [
      { verb: 'get', resource: 'secrets' },
      ['operator', 'admin', 'portal', 'cluster-admin'],
    ],
    [
      { verb: 'patch', group: 'apps', resource: 'deployments' },
      ['operator', 'admin', 'portal', 'cluster-admin'],
    ],
    [
      {
        verb: 'create',
        group: 'rbac.authorization.k8s.io',
        resource: 'clusterrolebindings',
      },
      ['admin', 'portal', 'cluster-admin'],
    ],
    [
      { verb: 'delete', resource: 'nodes' },
      ['admin', 'portal', 'cluster-admin'],
    ],
  ];
  const roles: KubeconfigRole[] = [
    ...(['viewer', 'operator', 'admin'] as const),
    ...(['portal', 'cluster-admin'] as const),
  ];
  for (const [attributes, allowed] of cases) {
    const found = [];
    for (const role of roles) {
      if (await may(role, attributes)) found.push(role);
    }
    assert.deepEqual(found, allowed, JSON.stringify(attributes));
  }
});

test('a kubeconfig names no file and no program', async () => {
  const config = parse(await eu.kubeconfig());
  assert.deepEqual(Object.keys(config.clusters[0].cluster), [
    'server',
    'certificate-authority-data',
  ]);
  assert.deepEqual(Object.keys(config.users[0].user), ['token']);
});

async function runPod(name: string, image: string): Promise<void> {
  await eu.client().apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE },
    spec: { containers: [{ name: 'main', image }] },
  });
}

const podPath = (name: string) =>
  `/api/v1/namespaces/${NAMESPACE}/pods/${name}`;

test('the name of an image says what becomes of its pod', async () => {
  const expected: Record<string, (pod: Pod) => boolean> = {
    'shop/app:1.0.0': ({ status: { containerStatuses: [main] = [] } }) =>
      main?.ready && 'running' in main.state,
    'shop/app:missing': ({ status: { containerStatuses: [main] = [] } }) =>
      main?.state.waiting?.reason === 'ImagePullBackOff' && !main.ready,
    'shop/app:crash': ({ status: { containerStatuses: [main] = [] } }) =>
      main?.state.waiting?.reason === 'CrashLoopBackOff' &&
      main.restartCount > 0,
    'shop/app:unready': ({ status: { containerStatuses: [main] = [] } }) =>
      main && !main.ready && 'running' in main.state,
  };
  const images = Object.keys(expected);
  for (const [index, image] of images.entries()) {
    await runPod(`pod-${index}`, `registry.example/${image}`);
  }
  for (const [index, image] of images.entries()) {
    await until(image, async () =>
      expected[image](
        await eu.client().call<Pod>('GET', podPath(`pod-${index}`)),
      ),
    );
  }
});

test('a pod that was marked as not ready while its node was away is ready again', async () => {
  await runPod('waits', 'registry.example/shop/app:1.0.0');
  const readiness = async () => {
    const { status } = await eu.client().call<Pod>('GET', podPath('waits'));
    return status.conditions?.find(({ type }) => type === 'Ready');
  };
  await until('ready', async () => (await readiness())?.status === 'True');
  // As the controller manager does.
  await eu.client().call('PATCH', `${podPath('waits')}/status`, {
    contentType: 'application/strategic-merge-patch+json',
    body: {
      status: {
        conditions: [
          { type: 'Ready', status: 'False', reason: 'NodeNotReady' },
        ],
      },
    },
  });
  await until('ready again', async () => {
    const ready = await readiness();
    return ready?.status === 'True' && ready.reason === undefined;
  });
});

test('logs and programs of a container answer through the API server', async () => {
  await runPod('talks', 'registry.example/shop/app:1.0.0');
  await until('running', async () => {
    const { status } = await eu.client().call<Pod>('GET', podPath('talks'));
    return status.phase === 'Running';
  });
  const log = await eu.client().call<string>('GET', `${podPath('talks')}/log`);
  assert.match(log, /nothing runs in it/);

  const output = await execute('talks', ['sh', '-c', 'id -u; pwd; ls']);
  const [uid, folder, ...files] = output.trim().split('\n');
  assert.notEqual(uid, '0');
  assert.match(folder, /portal-exec-.*\/work$/);
  assert.deepEqual(files, []);
  // Not among the programs of containers.
  assert.match(
    await execute('talks', ['sh', '-c', 'git || echo none']),
    /none/,
  );
});

/** Runs a program in a pod. @returns what it wrote to standard output */
async function execute(pod: string, command: string[]): Promise<string> {
  const config = parse(await eu.kubeconfig());
  const query = command.map(part => `command=${encodeURIComponent(part)}`);
  const url = `${eu.server}${podPath(pod)}/exec?stdout=true&${query.join('&')}`;
  const socket = new WebSocket(url, 'v5.channel.k8s.io', {
    ca: eu.certificateAuthority,
    headers: { Authorization: `Bearer ${config.users[0].user.token}` },
  });
  let output = '';
  socket.on('message', (data: Buffer) => {
    // The first byte is the channel: 1 is standard output.
    if (data[0] === 1) output += data.subarray(1).toString();
  });
  await new Promise((resolve, reject) => {
    socket.once('close', resolve);
    socket.once('error', reject);
  });
  return output;
}

test('samples are deployed once, with revisions that can be rolled back to', async () => {
  await deploySamples(eu);
  const path = '/apis/apps/v1/namespaces/payments/replicasets';
  const { items } = await eu.client().call<{
    items: { metadata: { annotations: Record<string, string> } }[];
  }>('GET', path);
  const causes = items
    .map(({ metadata: { annotations } }) => [
      Number(annotations['deployment.kubernetes.io/revision']),
      annotations['kubernetes.io/change-cause'],
    ])
    .sort(([one], [other]) => Number(one) - Number(other));
  assert.ok(causes.length >= 3);
  assert.equal(new Set(causes.map(([, cause]) => cause)).size, causes.length);

  const deployment = '/apis/apps/v1/namespaces/orders/deployments/orders';
  await eu.client().call('DELETE', deployment);
  await deploySamples(eu);
  await assert.rejects(eu.client().call('GET', deployment), { status: 404 });
  await eu.client().applyFile('dev/demo/manifests/3-orders.yaml');
});

test('a process that is killed is started again', async () => {
  const pid = () =>
    us.processes.running().find(({ name }) => name === 'kube-scheduler')?.pid;
  const before_ = pid();
  assert.ok(before_);
  us.killProcess('kube-scheduler');
  await until(
    'started again',
    async () => ![undefined, before_].includes(pid()),
  );
});

test('a cluster that is killed comes back with its data, at the same address', async () => {
  const note = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `note-${process.pid}`, namespace: 'default' },
    data: { remember: 'this' },
  };
  await us.client().apply(note);
  const { server } = us;
  await us.kill();
  assert.equal(us.state(), 'stopped');
  await us.up({ owner: Number(process.env.PORTAL_CLUSTER_OWNER) || undefined });
  assert.equal(us.state(), 'running');
  assert.equal(us.server, server);
  const path = await us.client().pathOf(note);
  const { data } = await us.client().call<typeof note>('GET', path);
  assert.deepEqual(data, note.data);
});

test('one cluster does not know the access of the other', async () => {
  const config = parse(await us.kubeconfig('cluster-admin'));
  const client = new KubernetesClient({
    server: eu.server,
    certificateAuthority: eu.certificateAuthority,
    token: config.users[0].user.token,
  });
  await assert.rejects(client.call('GET', '/api/v1/nodes'), { status: 401 });
  const wrong = new KubernetesClient({
    server: eu.server,
    certificateAuthority: us.certificateAuthority,
    token: config.users[0].user.token,
  });
  await assert.rejects(wrong.call('GET', '/readyz'), /certificate/);
});
