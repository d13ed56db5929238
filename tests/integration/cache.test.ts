/**
 * The cache against a real API server behind a network that fails: what it shows is what is, or says since when it is not.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { InProcessResourceCache } from '../../plugins/k8s-backend/src/cache/InProcessResourceCache';
import { NOTICED_WITHIN_MS, readTable } from './support/cacheReaders.ts';
import { ChangeWriter, WRITTEN } from './support/ChangeWriter.ts';
import { connectTo } from './support/connectTo.ts';
import { FaultyProxy } from './support/FaultyProxy.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import { listsOf, whileWriting, within } from './support/whileWriting.ts';
import type { Checked } from './support/whileWriting.ts';

const BACK_WITHIN_MS = 30_000;

let server: TestApiServer;
let proxy: FaultyProxy;
let writer: ChangeWriter;
let cache: InProcessResourceCache;

before(async () => {
  server = await TestApiServer.start();
  proxy = await FaultyProxy.start(server.port);
  writer = new ChangeWriter(server);
});

after(async () => {
  await proxy?.stop();
  await server?.stop();
});

beforeEach(() => {
  proxy.fault = { type: 'none' };
  const { connections } = connectTo(server, { port: proxy.port });
  cache = new InProcessResourceCache({ connections });
});

const check = (fail: (checked: Checked) => Promise<unknown>) =>
  whileWriting(
    {
      cache,
      server,
      writer,
      heal: () => {
        proxy.fault = { type: 'none' };
      },
    },
    async checked => {
      await fail(checked);
    },
  );
const isStale = () => cache.state(WRITTEN)?.state === 'stale';
const isLive = () => cache.state(WRITTEN)?.state === 'live';

describe('the cache equals the cluster', () => {
  it('without faults', () => check(() => sleep(2_000)));

  it('when connections are reset again and again, without relisting', () =>
    check(async () => {
      for (let count = 0; count < 5; count += 1) {
        proxy.reset();
        await sleep(1_500);
      }
      assert.equal(await listsOf(cache), 1);
    }));

  it('after a black hole, which is noticed, while the last data is served', () =>
    check(async () => {
      proxy.fault = { type: 'blackHole' };
      await within(NOTICED_WITHIN_MS, isStale, 'it is stale');
      const { signal } = new AbortController();
      const { rows } = await readTable(cache, { signal });
      assert.notEqual(rows.length, 0);
      const { asOf = '' } = cache.state(WRITTEN) ?? {};
      assert.ok(Date.parse(asOf) < Date.now() && Date.parse(asOf) > 0);
      await sleep(12_000);
    }));

  it('after a latency of 5 s, which is noticed', () =>
    check(async () => {
      proxy.fault = { type: 'latency', ms: 5_000 };
      await within(NOTICED_WITHIN_MS, isStale, 'it is stale');
    }));

  it('after 1 KB/s, which is noticed', () =>
    check(async () => {
      proxy.fault = { type: 'slow', bytesPerSecond: 1_000 };
      await within(NOTICED_WITHIN_MS, isStale, 'it is stale');
    }));

  it('byte by byte', () =>
    check(async () => {
      proxy.fault = { type: 'byteByByte' };
      proxy.reset();
      await sleep(5_000);
    }));

  it('after the API server was killed, with one relist', () =>
    check(async () => {
      await server.kill();
      await within(NOTICED_WITHIN_MS, isStale, 'it is stale');
      await server.run();
      await within(BACK_WITHIN_MS, isLive, 'it is live');
      assert.equal(await listsOf(cache), 2);
    }));

  it('after etcd was restored to an older state that has caught up since', () =>
    check(async ({ objects: { types } }) => {
      const resets = () => types.filter(type => type === 'RESET').length;
      await writer.stop();
      await server.kill();
      server.keepState('older');
      await server.run();
      writer.start();
      await within(BACK_WITHIN_MS, isLive, 'it is live');
      await sleep(2_000);
      await writer.stop();
      const before = resets();
      await server.kill();
      server.restoreState('older');
      writer.forgetConfirmed();
      await server.run();
      writer.start();
      await within(BACK_WITHIN_MS, () => resets() > before, 'it was reset');
    }));
});
