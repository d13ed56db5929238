/**
 * What happens to one cluster must not be felt on another: the same reads about `dev-eu`, interleaved, while `dev-us` is
 * healthy, killed, stopped, and behind a network that swallows everything.
 *
 * Times are printed, not asserted. What is asserted is that no answer about `dev-eu` had to wait for a time limit of `dev-us`:
 * these are seconds, an answer is milliseconds.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { portalCommand } from './support/portalCommand.ts';
import { TcpProxy } from './support/TcpProxy.ts';
import { TestPortal } from './support/TestPortal.ts';

const ROUNDS = 10;
/** The shortest that a read may wait for a cluster that does not answer. */
const CLUSTER_TIME_LIMIT_MS = 2_000;
/** Health is checked every ten seconds, and a check may take five. */
const NOTICED_MS = 40_000;

let portal: TestPortal;
let proxy: TcpProxy;
const ids: Record<string, string> = {};

async function kubeconfigOf(name: string, server?: string): Promise<string> {
  const config = parse(await portalCommand('cluster', 'kubeconfig', name));
  if (server) config.clusters[0].cluster.server = server;
  return stringify(config);
}

async function register(name: string, kubeconfig: string): Promise<string> {
  const { status, body } = await portal.call('POST /clusters', {
    as: 'admin',
    body: { name, kubeconfig },
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body.id;
}

before(async () => {
  portal = await TestPortal.start();
  const usConfig = parse(await kubeconfigOf('dev-us'));
  proxy = await TcpProxy.to(usConfig.clusters[0].cluster.server);
  ids.eu = await register('dev-eu', await kubeconfigOf('dev-eu'));
  ids.us = await register('dev-us', await kubeconfigOf('dev-us', proxy.url));
  for (const path of euReads()) await portal.call(path, { as: 'admin' });
  for (const path of usReads()) await portal.call(path, { as: 'admin' });
});

after(async () => {
  await portal?.stop();
  await proxy?.close();
  await portalCommand('cluster', 'up', 'dev-us');
});

const euReads = () => [
  'GET /clusters',
  `GET /clusters/${ids.eu}`,
  `GET /clusters/${ids.eu}/health`,
  `GET /clusters/${ids.eu}/namespaces`,
  `GET /clusters/${ids.eu}/deployments`,
  `GET /clusters/${ids.eu}/resources/core/pods`,
];
const usReads = () => [
  `GET /clusters/${ids.us}/deployments`,
  `GET /clusters/${ids.us}/resources/core/pods`,
];

/** One pass over dev-eu's reads, with reads of dev-us under way; answers with the times in milliseconds. */
async function round(): Promise<number[]> {
  // Not waited for: somebody else looks at dev-us at the same time.
  const others = usReads().map(path =>
    portal.call(path, { as: 'admin' }).catch(() => undefined),
  );
  const times: number[] = [];
  for (const path of euReads()) {
    const start = performance.now();
    const { status, body } = await portal.call(path, { as: 'admin' });
    times.push(performance.now() - start);
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
    if (body.cache) assert.equal(body.cache.state, 'live', path);
  }
  await Promise.all(others);
  return times;
}

const median = (values: number[]) =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];

async function statusOf(cluster: string): Promise<string> {
  const { body } = await portal.call('GET /clusters', { as: 'admin' });
  return body.clusters.find(({ id }: { id: string }) => id === cluster)?.status;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + NOTICED_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, 'it was not noticed');
    await sleep(500);
  }
}

const FAULTS = {
  killed: {
    begin: () => portalCommand('cluster', 'kill', 'dev-us'),
    end: () => portalCommand('cluster', 'up', 'dev-us'),
  },
  stopped: {
    begin: () => portalCommand('cluster', 'pause', 'dev-us'),
    end: () => portalCommand('cluster', 'resume', 'dev-us'),
  },
  'black-holed': {
    begin: async () => {
      proxy.mode = 'blackHole';
    },
    end: async () => {
      proxy.mode = 'pass';
    },
  },
};

for (const [name, { begin, end }] of Object.entries(FAULTS)) {
  test(`dev-eu does not notice that dev-us is ${name}`, async context => {
    const healthy: number[] = [];
    const faulty: number[] = [];
    for (let pass = 0; pass < ROUNDS / 2; pass += 1) {
      healthy.push(...(await round()));
    }
    await begin();
    try {
      for (let pass = 0; pass < ROUNDS; pass += 1) {
        faulty.push(...(await round()));
      }
      assert.ok(
        Math.max(...faulty) < CLUSTER_TIME_LIMIT_MS,
        `an answer about dev-eu took ${Math.max(...faulty)} ms`,
      );
      await until(async () => (await statusOf(ids.us)) === 'unreachable');
      // What was last seen of it is still there, with its age; its health and its cache notice each by itself.
      const read = () => portal.call(usReads()[0], { as: 'admin' });
      await until(async () => (await read()).body.cache?.state === 'stale');
      const { status, body } = await read();
      assert.equal(status, 200);
      assert.ok(body.cache.asOf, 'a stale answer says since when');
      assert.equal(await statusOf(ids.eu), 'healthy');
    } finally {
      await end();
    }
    await until(async () => (await statusOf(ids.us)) === 'healthy');
    for (let pass = 0; pass < ROUNDS / 2; pass += 1) {
      healthy.push(...(await round()));
    }
    context.diagnostic(
      `median of dev-eu's reads: ${median(healthy).toFixed(1)} ms healthy, ` +
        `${median(faulty).toFixed(1)} ms with dev-us ${name}`,
    );
  });
}
