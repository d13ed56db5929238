/** Roles that end somewhere: at a namespace, or at the clusters that one owns. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

const OPEN = 'default';
const CLOSED = 'kube-system';
const SPEC = {
  replicas: 0,
  selector: { matchLabels: { app: 'narrow' } },
  template: {
    metadata: { labels: { app: 'narrow' } },
    spec: { containers: [{ name: 'app', image: 'example.org/app:1' }] },
  },
};

let portal: TestPortal;
let cluster: string;

const call = (
  as: 'admin' | 'operator' | 'owner',
  route: string,
  body?: unknown,
) => {
  const [method, path] = route.split(' ');
  return portal.call(`${method} /clusters/${cluster}${path}`, { as, body });
};

before(async () => {
  portal = await TestPortal.start({
    config: {
      k8s: {
        permission: {
          bindings: [
            { role: 'K8sAdmin', users: ['user:default/admin'] },
            {
              role: 'K8sOperator',
              users: ['user:default/operator'],
              namespaces: [OPEN],
            },
            {
              role: 'K8sClusterOwner',
              users: ['user:default/owner'],
            },
            { role: 'K8sViewer', users: ['user:default/owner'] },
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
  for (const namespace of [OPEN, CLOSED]) {
    // Left behind by a run that was broken off.
    await call('admin', `DELETE /deployments/${namespace}/narrow`);
    const made = await call('admin', 'POST /deployments', {
      name: 'narrow',
      namespace,
      spec: SPEC,
    });
    assert.equal(made.status, 200, JSON.stringify(made.body));
  }
});

after(async () => {
  for (const namespace of [OPEN, CLOSED]) {
    await call('admin', `DELETE /deployments/${namespace}/narrow`).catch(
      () => undefined,
    );
  }
  await portal?.stop();
});

test('lists hold what is in the namespace, and count nothing else', async () => {
  const all = await call('admin', 'GET /deployments?search=narrow');
  assert.equal(all.body.total, 2);
  const { body } = await call('operator', 'GET /deployments?search=narrow');
  assert.equal(body.total, 1);
  assert.equal(body.deployments[0].namespace, OPEN);
  const namespaces = await call('operator', 'GET /namespaces');
  assert.deepEqual(
    namespaces.body.namespaces.map(({ name }: { name: string }) => name),
    [OPEN],
  );
  const nodes = await call('operator', 'GET /views/nodes');
  assert.equal(nodes.status, 200);
  assert.deepEqual(nodes.body.rows, []);
  const events = await call('operator', 'GET /views/events');
  assert.equal(events.status, 200);
  for (const { involved } of events.body.rows) {
    // What is said of cluster-scoped objects is in the namespace `default`.
    assert.equal(involved.namespace ?? 'default', OPEN);
  }
  assert.ok(events.body.rows.length > 0);
});

test('what is elsewhere is not told from what does not exist', async () => {
  const hidden = await call('operator', `GET /deployments/${CLOSED}/narrow`);
  const absent = await call('operator', `GET /deployments/${CLOSED}/absent`);
  assert.equal(hidden.status, 404);
  assert.equal(
    hidden.body.error.message.replace('narrow', 'absent'),
    absent.body.error.message,
  );
  const open = await call('operator', `GET /deployments/${OPEN}/narrow`);
  assert.equal(open.status, 200);
});

test('what is elsewhere cannot be changed', async () => {
  for (const [route, body] of [
    [`POST /deployments/${CLOSED}/narrow/restart`, undefined],
    [`POST /deployments/${CLOSED}/narrow/scale`, { replicas: 1 }],
    [`DELETE /deployments/${CLOSED}/narrow`, undefined],
    ['POST /deployments', { name: 'new', namespace: CLOSED, spec: SPEC }],
    ['POST /namespaces', { name: 'narrow-new' }],
  ] as const) {
    const { status } = await call('operator', route, body);
    assert.equal(status, 403, route);
  }
  const scaled = await call(
    'operator',
    `POST /deployments/${OPEN}/narrow/scale`,
    {
      replicas: 0,
    },
  );
  assert.equal(scaled.status, 200, JSON.stringify(scaled.body));
});

test('streams hold what is in the namespace', async () => {
  const token = await portal.token('operator');
  const answer = await fetch(`${portal.url}/api/k8s/streams`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      subscriptions: [{ id: 'a', topic: 'deployments', cluster }],
    }),
  });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const readUntil = async (words: string) => {
    while (!text.includes(words)) {
      const { value, done } = await reader.read();
      assert.ok(!done, 'the stream ended');
      text += value;
    }
  };
  await readUntil('event: changes');
  // Both change; the one that may be seen last, so that the other would have come by then.
  for (const namespace of [CLOSED, OPEN]) {
    await call('admin', `POST /deployments/${namespace}/narrow/image`, {
      container: 'app',
      image: `example.org/app:${namespace}`,
    });
  }
  await readUntil(`example.org/app:${OPEN}`);
  await reader.cancel();
  assert.doesNotMatch(text, new RegExp(CLOSED));
});

test('rollouts that are not at rest are told of in the namespace only', async () => {
  const patch = { spec: { paused: true, replicas: 1 } };
  for (const namespace of [OPEN, CLOSED]) {
    const path = `/resources/apps/deployments/${namespace}/narrow`;
    const { status, body } = await call('admin', `PATCH ${path}`, { patch });
    assert.equal(status, 200, JSON.stringify(body));
  }
  const rolloutsOf = async (as: 'admin' | 'operator') => {
    const { status, body } = await call(as, 'GET /views/rollouts');
    assert.equal(status, 200, JSON.stringify(body));
    return body.rows
      .filter(({ name }: { name: string }) => name === 'narrow')
      .map(({ namespace }: { namespace: string }) => namespace);
  };
  const deadline = Date.now() + 30_000;
  while ((await rolloutsOf('admin')).length < 2) {
    assert.ok(Date.now() < deadline, 'they are never told of');
    await sleep(250);
  }
  assert.deepEqual(await rolloutsOf('admin'), [OPEN, CLOSED]);
  assert.deepEqual(await rolloutsOf('operator'), [OPEN]);
});

test('nobody makes a cluster their own, or gives away what is theirs', async () => {
  const give = (as: 'admin' | 'owner', owner: string) =>
    call(as, 'PUT ', { owner });
  const taken = await give('owner', 'user:default/owner');
  assert.equal(taken.status, 403, JSON.stringify(taken.body));
  assert.equal((await give('admin', 'user:default/owner')).status, 200);
  const renamed = await call('owner', 'PUT ', { labels: { team: 'own' } });
  assert.equal(renamed.status, 200, JSON.stringify(renamed.body));
  const given = await give('owner', 'group:default/platform');
  assert.equal(given.status, 403, JSON.stringify(given.body));
});
