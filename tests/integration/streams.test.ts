/** A stream ends when its reader may no longer see what it tells of, whichever back end took the right away. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoUser } from '../../dev/portal/demoToken.ts';
import { createDatabase } from './support/createDatabase.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

/** What is promised is ten seconds; a loaded machine is not what is tested here. */
const PATIENCE_MS = 30_000;

let portals: TestPortal[] = [];
let cluster: string;

before(async () => {
  const { url: postgres } = await createDatabase();
  const encryptionKey = Buffer.alloc(32, 7).toString('base64');
  for (let count = 0; count < 2; count += 1) {
    portals.push(await TestPortal.start({ postgres, encryptionKey }));
  }
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const { status, body } = await portals[0].call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-eu', kubeconfig, owner: 'user:default/owner' },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
});

after(async () => {
  await Promise.all(portals.map(portal => portal.stop()));
  portals = [];
});

/** Opens a stream and collects what it says. */
async function open(
  portal: TestPortal,
  subscriptions: unknown[],
  as: DemoUser = 'owner',
) {
  const token = await portal.token(as);
  const answer = await fetch(`${portal.url}/api/k8s/streams`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ subscriptions }),
    signal: AbortSignal.timeout(PATIENCE_MS * 2),
  });
  const stream = { status: answer.status, text: '', ended: Promise.resolve() };
  if (answer.status === 200) {
    stream.ended = (async () => {
      const reader = answer.body!.pipeThrough(new TextDecoderStream());
      for await (const text of reader) stream.text += text;
    })();
  }
  return stream;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'it did not happen');
    await sleep(100);
  }
}

test('a stream ends when its cluster is taken away on another back end', async context => {
  const [portal, other] = portals;
  const namespaces = { id: 'n', topic: 'namespaces', cluster };
  const stream = await open(portal, [namespaces]);
  await until(() => stream.text.includes('"kube-system"'));
  const start = performance.now();
  const taken = await other.call(`PUT /clusters/${cluster}`, {
    as: 'admin',
    body: { owner: 'group:default/platform' },
  });
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  await until(() => stream.text.includes('event: end'));
  const elapsedMs = Math.round(performance.now() - start);
  context.diagnostic(`ended ${elapsedMs} ms after the loss`);
  await stream.ended;
  assert.match(
    stream.text,
    /event: reset\ndata: \{"subscription":"n"\}\n\nevent: end\n/,
  );
  const again = await open(portal, [namespaces]);
  assert.equal(again.status, 404);
});

test('a stream of a service ends when its catalog entity is hidden', async () => {
  const [portal, other] = portals;
  const give = async (owner: string) => {
    const { status, body } = await other.call(`PUT /clusters/${cluster}`, {
      as: 'admin',
      body: { owner },
    });
    assert.equal(status, 200, JSON.stringify(body));
  };
  // The entity of a cluster is hidden with the cluster, so its owner can be made to lose it.
  const service = {
    id: 's',
    topic: 'service',
    entity: 'resource:default/dev-eu',
  };
  const giveUpAt = Date.now() + PATIENCE_MS;
  await give('user:default/owner');
  let stream = await open(portal, [service]);
  while (stream.status === 404 && Date.now() < giveUpAt) {
    await sleep(500);
    stream = await open(portal, [service]);
  }
  assert.equal(stream.status, 200);
  await until(() => stream.text.includes('event: reset'));
  await give('group:default/platform');
  await until(() => stream.text.includes('event: end'));
  await stream.ended;
  assert.match(stream.text, /"reason":"nothingLeft"/);
  assert.equal((await open(portal, [service])).status, 404);
});

test('the list of clusters tells that a cluster came and went', async () => {
  const [portal, other] = portals;
  const stream = await open(portal, [{ id: 'c', topic: 'clusters' }]);
  await until(() => stream.text.includes('event: changes'));
  assert.doesNotMatch(stream.text, /dev-eu/);
  const give = (owner: string) =>
    other.call(`PUT /clusters/${cluster}`, { as: 'admin', body: { owner } });
  assert.equal((await give('user:default/owner')).status, 200);
  await until(() => stream.text.includes('"name":"dev-eu"'));
  assert.equal((await give('group:default/platform')).status, 200);
  const before = stream.text.length;
  await until(() =>
    stream.text
      .slice(before)
      .split('\n\n')
      .some(
        event =>
          event.startsWith('event: reset') ||
          event.includes(`"deleted":["${cluster}"]`),
      ),
  );
});

test('the audit tells each reader what the page of changes would show, of all back ends', async () => {
  const [portal, other] = portals;
  const audit = { id: 'a', topic: 'audit' };
  const ofAdmin = await open(portal, [audit], 'admin');
  const ofOwner = await open(portal, [audit]);
  const resets = ({ text }: { text: string }) =>
    text.split('event: reset').length - 1;
  await until(() => resets(ofAdmin) > 0 && resets(ofOwner) > 0);
  const change = async (body: object) => {
    const before = ofAdmin.text.length;
    const route = `PUT /clusters/${cluster}`;
    const { status } = await other.call(route, { as: 'admin', body });
    assert.equal(status, 200);
    await until(() =>
      ofAdmin.text.slice(before).includes('"outcome":"succeeded"'),
    );
    const told = [
      ...ofAdmin.text.slice(before).matchAll(/\{"id":"([0-9a-f-]{36})"/g),
    ].map(([, id]) => id);
    assert.notEqual(told.length, 0);
    return new Set(told);
  };
  const hidden = await change({ labels: { turn: 'one' } });
  const before = resets(ofOwner);
  await change({ owner: 'user:default/owner' });
  // Whoever may see more reads the page again.
  await until(() => resets(ofOwner) > before);
  const [shown] = await change({ labels: { turn: 'two' } });
  await until(() => ofOwner.text.includes(shown));
  for (const id of hidden) assert.ok(!ofOwner.text.includes(id));
  const viewers = await open(portal, [{ ...audit, cluster: 'none' }], 'viewer');
  assert.equal(viewers.status, 404);
  await change({ owner: 'group:default/platform' });
});

test('streams end with the back end', async () => {
  const [portal] = portals;
  const stream = await open(portal, [{ id: 'c', topic: 'clusters' }]);
  await until(() => stream.text.includes('event: ready'));
  await portal.backEnd.stop();
  await stream.ended;
  assert.match(stream.text, /"reason":"shutdown"/);
});
