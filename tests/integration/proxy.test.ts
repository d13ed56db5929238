/** A portal that reaches its clusters through an HTTP proxy only: registered, watched and changed through it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { TestProxy } from '../../plugins/k8s-backend/src/connection/__testUtils__/TestProxy';
import { portalCommand } from './support/portalCommand.ts';
import { TestPortal } from './support/TestPortal.ts';

const UNREACHABLE_WITHIN_MS = 60_000;

let portal: TestPortal;
let proxy: TestProxy;

before(async () => {
  proxy = await TestProxy.start();
  portal = await TestPortal.start({
    config: {
      k8s: {
        addresses: {
          allow: ['127.0.0.1/32'],
          proxy: { url: proxy.url, username: 'portal', password: 'secret' },
        },
      },
    },
  });
});

after(async () => {
  await portal?.stop();
  await proxy?.stop();
});

test('a cluster is reached through the proxy, and through nothing else', async () => {
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-eu');
  const config = parse(kubeconfig);
  const { host } = new URL(config.clusters[0].cluster.server);
  const registered = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-eu', kubeconfig },
  });
  assert.equal(registered.status, 200, JSON.stringify(registered.body));
  assert.equal(registered.body.status, 'healthy');
  const { id } = registered.body;
  const changed = await portal.call(
    `POST /clusters/${id}/namespaces?dryRun=true`,
    { as: 'operator', body: { name: 'through-the-proxy' } },
  );
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.ok(proxy.targets.length > 1);
  assert.deepEqual([...new Set(proxy.targets)], [host]);
  assert.ok(proxy.headers.every(({ 'proxy-authorization': it }) => it));
  const { token } = config.users[0].user;
  assert.ok(token.length > 20);
  assert.ok(!proxy.sent.includes(token), 'the proxy has seen the credential');

  await proxy.stop();
  const giveUpAt = Date.now() + UNREACHABLE_WITHIN_MS;
  const health = async () =>
    (await portal.call(`POST /clusters/${id}/health`, { as: 'admin' })).body;
  while ((await health()).status !== 'unreachable') {
    assert.ok(Date.now() < giveUpAt, JSON.stringify(await health()));
  }
  assert.match((await health()).reason, /proxy .* cannot be reached/);
});

test("a kubeconfig's own proxy is refused, and gets no packet", async () => {
  const other = await TestProxy.start();
  const config = parse(await portalCommand('cluster', 'kubeconfig', 'dev-us'));
  config.clusters[0].cluster['proxy-url'] = other.url;
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name: 'dev-us', kubeconfig: JSON.stringify(config) },
  });
  await other.stop();
  assert.equal(status, 400);
  assert.match(body.error.message, /proxy-url .*k8s\.addresses\.proxy/);
  assert.equal(other.connections, 0);
});
