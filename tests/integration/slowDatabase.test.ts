/** A database that neither answers nor closes connections: reads go on from memory, changes are refused and not made, and it ends by itself. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from './support/createDatabase.ts';
import { FaultyProxy } from './support/FaultyProxy.ts';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

const NAMESPACE = 'slow-database';
/** Pools need a moment to notice that the database is back. */
const RECOVERY_MS = 90_000;

let portal: TestPortal;
let proxy: FaultyProxy;
let cluster: string;

before(async () => {
  const { url } = await createDatabase();
  const direct = new URL(url);
  proxy = await FaultyProxy.start(Number(direct.port));
  const through = new URL(url);
  through.port = String(proxy.port);
  portal = await TestPortal.start({
    postgres: through.href,
    config: { k8s: { integration: { timeout: 1 } } },
  });
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-eu', kubeconfig },
  });
  assert.equal(status, 200, JSON.stringify(body));
  cluster = body.id;
});

after(async () => {
  if (proxy) proxy.fault = { type: 'none' };
  await portal
    ?.call(`DELETE /clusters/${cluster}/namespaces/${NAMESPACE}`, {
      as: 'admin',
    })
    .catch(() => undefined);
  await portal?.stop();
  await proxy?.stop();
});

const READS = () => [
  'GET /clusters',
  `GET /clusters/${cluster}`,
  `GET /clusters/${cluster}/health`,
  `GET /clusters/${cluster}/namespaces`,
  `GET /clusters/${cluster}/views/nodes`,
  `GET /clusters/${cluster}/deployments`,
  `GET /clusters/${cluster}/resources/core/pods`,
];

async function read() {
  for (const route of READS()) {
    const { status, body } = await portal.call(route, { as: 'operator' });
    assert.equal(status, 200, `${route}: ${JSON.stringify(body)}`);
  }
}

const create = () =>
  portal.call(`POST /clusters/${cluster}/namespaces`, {
    as: 'operator',
    body: { name: NAMESPACE },
  });

async function names(): Promise<string[]> {
  const { body } = await portal.call(`GET /clusters/${cluster}/namespaces`, {
    as: 'operator',
  });
  return body.namespaces.map(({ name }: { name: string }) => name);
}

test('reads go on, a change is refused and not made later, and the next one is made', async () => {
  await read();
  assert.ok(!(await names()).includes(NAMESPACE));
  proxy.fault = { type: 'blackHole' };
  const refused = create();
  // Longer than decisions are remembered, so that they are asked for anew.
  const end = Date.now() + 15_000;
  while (Date.now() < end) {
    await read();
    await sleep(500);
  }
  const { status, body } = await refused;
  assert.equal(status, 503, JSON.stringify(body));
  await read();
  proxy.fault = { type: 'none' };
  // What was waiting in the database goes on now; the change that was refused must not.
  await sleep(5000);
  assert.ok(!(await names()).includes(NAMESPACE));
  const deadline = Date.now() + RECOVERY_MS;
  let answer = await create();
  while (answer.status === 503 && Date.now() < deadline) {
    await sleep(1000);
    answer = await create();
  }
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
});
