/**
 * A catalog entity's deployments on two clusters, one of which goes away, and the rows that a browser is told of as they
 * change.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { portalCommand } from './support/portalCommand.ts';
import { TcpProxy } from './support/TcpProxy.ts';
import { TestPortal } from './support/TestPortal.ts';

const ENTITY = 'component:default/orders';
const LABELS = { 'backstage.io/kubernetes-id': 'orders' };
const NAMESPACE = `services-${randomBytes(4).toString('hex')}`;
const SEEN_WITHIN_MS = 30_000;

let portal: TestPortal;
let near: string;
let far: string;
/** The way to the cluster `far`. */
let proxy: TcpProxy;

async function ok(route: string, body?: unknown) {
  const answer = await portal.call(route, {
    as: 'admin',
    ...(body !== undefined && { body }),
  });
  assert.equal(answer.status, 200, `${route}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Creates the service's deployment on a cluster. */
async function deploy(cluster: string) {
  const template = {
    metadata: { labels: { app: 'orders' } },
    spec: { containers: [{ name: 'app', image: 'registry.example/orders:1' }] },
  };
  const { status } = await ok(`POST /clusters/${cluster}/deployments`, {
    name: 'orders',
    namespace: NAMESPACE,
    labels: LABELS,
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'orders' } },
      template,
    },
  });
  assert.equal(status, 'deployed');
}

/** What is looked at of a service's row. */
interface Row {
  cluster: string;
  namespace: string;
  rollout: { state: string; reason?: string };
  pods: unknown[];
  revisions: { current: boolean }[];
  events: unknown[];
}

const read = () => ok(`GET /deployments?entity=${encodeURIComponent(ENTITY)}`);
const own = (items: Row[]) =>
  items.filter(({ namespace }) => namespace === NAMESPACE);

before(async () => {
  portal = await TestPortal.start();
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  ({ id: near } = await ok('POST /clusters', { name: 'near', kubeconfig }));
  const config = parse(await portalCommand('cluster', 'kubeconfig', 'dev-us'));
  proxy = await TcpProxy.to(config.clusters[0].cluster.server);
  config.clusters[0].cluster.server = proxy.url;
  ({ id: far } = await ok('POST /clusters', {
    name: 'far',
    kubeconfig: stringify(config),
  }));
  for (const cluster of [near, far]) {
    await ok(`POST /clusters/${cluster}/namespaces`, { name: NAMESPACE });
    await deploy(cluster);
  }
});

after(async () => {
  if (proxy) proxy.mode = 'pass';
  for (const cluster of [near, far]) {
    await portal?.call(`DELETE /clusters/${cluster}/namespaces/${NAMESPACE}`, {
      as: 'admin',
    });
  }
  await portal?.stop();
  await proxy?.close();
});

/** Server-sent events of a stream, as they come. */
async function* events(body: ReadableStream<Uint8Array>) {
  let text = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const messages = text.split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const event = /^event: (.*)$/m.exec(message)?.[1];
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (event && data) yield { event, data: JSON.parse(data) };
    }
  }
}

test('a service is found on all clusters, with pods, revisions and events', async () => {
  const { items, clusters, errors } = await read();
  assert.deepEqual(errors, []);
  assert.deepEqual(clusters.map(({ name }: { name: string }) => name).sort(), [
    'far',
    'near',
  ]);
  const found = own(items);
  assert.deepEqual(
    found.map(({ cluster }) => cluster).sort(),
    [near, far].sort(),
  );
  for (const item of found) {
    assert.equal(item.pods.length, 1);
    assert.equal(item.revisions[0].current, true);
    assert.ok(item.events.length > 0);
    assert.ok(!('spec' in item || 'template' in item.revisions[0]));
  }
});

test('an entity that does not exist is not found', async () => {
  const { status } = await portal.call(
    'GET /deployments?entity=component:default/no-such',
    { as: 'viewer' },
  );
  assert.equal(status, 404);
});

test('a browser is told of the rows that change, with the reason', async () => {
  const aborted = new AbortController();
  const answer = await fetch(`${portal.url}/api/k8s/streams`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${await portal.token('viewer')}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      subscriptions: [
        { id: 'service', topic: 'service', entity: ENTITY },
        {
          id: 'rows',
          topic: 'deployments',
          cluster: near,
          namespace: NAMESPACE,
        },
      ],
    }),
    signal: AbortSignal.any([
      aborted.signal,
      AbortSignal.timeout(SEEN_WITHIN_MS),
    ]),
  });
  assert.equal(answer.status, 200);
  const wanted = new Set(['service', 'rows']);
  let isChanged = false;
  for await (const { event, data } of events(answer.body!)) {
    if (event !== 'changes') continue;
    if (!isChanged) {
      isChanged = true;
      void ok(`POST /clusters/${near}/deployments/${NAMESPACE}/orders/image`, {
        container: 'app',
        image: 'registry.example/orders:does-not-exist',
      });
    }
    const stuck = own(data.upserted).some(
      row =>
        row.cluster === near &&
        row.rollout.state === 'stuck' &&
        row.rollout.reason?.includes('orders:does-not-exist'),
    );
    if (stuck) wanted.delete(data.subscription);
    if (wanted.size === 0) break;
  }
  aborted.abort();
  assert.deepEqual([...wanted], []);
});

test('a cluster that swallows everything neither delays nor empties the page', async () => {
  await read();
  proxy.mode = 'blackHole';
  const giveUpAt = Date.now() + SEEN_WITHIN_MS;
  for (;;) {
    const { items, clusters, errors } = await read();
    assert.deepEqual(errors, []);
    assert.equal(own(items).length, 2);
    const { cache } = clusters.find(({ id }: { id: string }) => id === far);
    if (cache.state === 'stale') {
      assert.ok(Date.parse(cache.asOf) <= Date.now());
      assert.ok(cache.message);
      break;
    }
    assert.ok(Date.now() < giveUpAt, 'It is not noticed');
    await sleep(250);
  }
  const { clusters } = await read();
  const { cache } = clusters.find(({ id }: { id: string }) => id === near);
  assert.equal(cache.state, 'live');
});
