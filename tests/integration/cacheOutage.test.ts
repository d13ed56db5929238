/**
 * Many clusters that come back at once after an outage. They are one API server that is reached in many ways: what is tested is
 * what the portal asks of them and what that costs it.
 */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { InProcessResourceCache } from '../../plugins/k8s-backend/src/cache/InProcessResourceCache';
import { DefaultClusterConnections } from '../../plugins/k8s-backend/src/connection/DefaultClusterConnections';
import { networkOf } from '../../plugins/k8s-backend/src/connection/networkOf';
import { AnsweringProxy } from './support/AnsweringProxy.ts';
import { NOTICED_WITHIN_MS } from './support/cacheReaders.ts';
import { ChangeWriter, WRITTEN } from './support/ChangeWriter.ts';
import { connectTo } from './support/connectTo.ts';
import { fakeAccess } from './support/fakeAccess.ts';
import { FaultyProxy } from './support/FaultyProxy.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import { within } from './support/whileWriting.ts';

const PATH = '/api/v1/configmaps';
const CLUSTERS = 100;
const OBJECTS = 600;
const OBJECT_BYTES = 2_000;
// Six, and as many again three times where none of them gets on: on a busy machine the API server is slow.
const LISTS_AT_ONCE = 24;
const MEMORY_RATIO = 1.3;
// Above this an etcd can have been restored meanwhile, and everything is listed again.
const OUTAGE_MS = 14_000;
const ALL_LIVE_WITHIN_MS = 120_000;
// Each change arrives a hundred times.
const PAUSE_MS = 300;
const SAMPLE_MS = 50;

let server: TestApiServer;
let counting: AnsweringProxy;
let proxies: FaultyProxy[];
let writer: ChangeWriter;
let cache: InProcessResourceCache;
let connections: DefaultClusterConnections;

before(async () => {
  server = await TestApiServer.start();
  const { connection } = connectTo(server);
  const make = async (index: number) => {
    const response = await connection.request({
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      body: {
        metadata: { name: `large-${index}` },
        data: {
          text: Math.random()
            .toString(36)
            .repeat(OBJECT_BYTES / 10),
        },
      },
    });
    await response.text();
  };
  for (let start = 0; start < OBJECTS; start += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, at) => make(start + at)));
  }
  counting = await AnsweringProxy.start(server);
  proxies = await Promise.all(
    Array.from({ length: CLUSTERS }, () => FaultyProxy.start(counting.port)),
  );
  connections = new DefaultClusterConnections({
    store: fakeAccess(
      server,
      Object.fromEntries(proxies.map(({ port }, index) => [`c${index}`, port])),
    ),
    network: networkOf({ allow: ['127.0.0.0/8'] }),
    onWarning: () => {},
  });
  cache = new InProcessResourceCache({ connections });
});

after(async () => {
  await writer?.stop();
  cache?.stop();
  await connections?.close();
  await Promise.all((proxies ?? []).map(proxy => proxy.stop()));
  await counting?.stop();
  await server?.stop();
});

const isEach = async (state: string) => {
  const kinds = await cache.kinds();
  return kinds.length === CLUSTERS && kinds.every(one => one.state === state);
};

/** The most resident memory until it is ended, in bytes. */
function watchMemory() {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, SAMPLE_MS).unref();
  return () => {
    clearInterval(timer);
    return most;
  };
}

it('100 clusters back at once are listed a few at a time, in little more memory, and are all equal again', async () => {
  const { signal } = new AbortController();
  const kinds = proxies.map((_, index) => ({
    ...WRITTEN,
    cluster: `c${index}`,
  }));
  await Promise.all(
    kinds.map(kind => cache.list(kind, { signal }).catch(() => undefined)),
  );
  await within(ALL_LIVE_WITHIN_MS, () => isEach('live'), 'all are live');
  writer = new ChangeWriter(server, { pauseMs: PAUSE_MS });
  writer.start();
  const steady = watchMemory();
  await sleep(5_000);
  const steadyBytes = steady();

  for (const proxy of proxies) {
    proxy.fault = { type: 'blackHole' };
    proxy.reset();
  }
  await within(NOTICED_WITHIN_MS, () => isEach('stale'), 'all are stale');
  await sleep(OUTAGE_MS);
  counting.requests.length = 0;
  counting.mostAtOnce = 0;
  const returning = watchMemory();
  for (const proxy of proxies) proxy.fault = { type: 'none' };
  await within(
    ALL_LIVE_WITHIN_MS,
    async () => {
      const all = await cache.kinds();
      const early = all.filter(one => one.state === 'live' && one.lists < 2);
      assert.deepEqual(early, [], 'what is not read again is not live');
      return (await isEach('live')) && all.every(({ lists }) => lists >= 2);
    },
    'all are live, each listed again',
  ).catch(async error => {
    const all = (await cache.kinds()).map(
      one => `${one.state} ${one.lists} ${one.message}`,
    );
    throw new Error(`${error.message}: ${[...new Set(all)]}`);
  });
  await writer.stop();
  const mostBytes = returning();

  const { connection } = connectTo(server);
  const real = await (
    await connection.request({ path: PATH })
  ).json<{ items: { metadata: { uid: string; resourceVersion: string } }[] }>();
  const keysOf = (items: readonly { metadata: object }[]) =>
    items
      .map(({ metadata }) => metadata as Record<string, string>)
      .map(({ uid, resourceVersion }) => `${uid}@${resourceVersion}`)
      .sort()
      .join();
  for (const kind of kinds) {
    await within(
      30_000,
      async () => {
        const told = await cache.list(kind, { signal });
        return keysOf(told?.items ?? []) === keysOf(real.items);
      },
      `${kind.cluster} equals the cluster`,
    );
  }
  // A probe that comes late on a busy machine is an outage of its own, and costs its cluster another list.
  const lists = counting.lists(PATH).length;
  assert.ok(lists >= CLUSTERS && lists <= 2 * CLUSTERS, `${lists} lists`);
  assert.ok(
    counting.mostAtOnce <= LISTS_AT_ONCE,
    `${counting.mostAtOnce} lists at once`,
  );
  const ratio = mostBytes / steadyBytes;
  console.log(
    `${counting.mostAtOnce} lists at once; memory ${steadyBytes}, then ${mostBytes} bytes (${ratio})`,
  );
  assert.ok(ratio <= MEMORY_RATIO, `memory grew ${ratio} times`);
});
