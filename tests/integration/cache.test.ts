/**
 * The cache against a real API server behind a network that fails: what it shows is what is, or says since when it is not. Each
 * fault is had at once by a cache in this thread and by one in a worker thread, as production has it.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { InProcessResourceCache } from '../../plugins/k8s-backend/src/cache/InProcessResourceCache';
import type { ResourceCache } from '../../plugins/k8s-backend/src/cache/ResourceCache';
import type { CacheReader } from './support/cacheReaders.ts';
import { NOTICED_WITHIN_MS, readTable } from './support/cacheReaders.ts';
import { ChangeWriter } from './support/ChangeWriter.ts';
import { connectTo } from './support/connectTo.ts';
import { createWorkerCache } from './support/createWorkerCache.ts';
import { fakeAccess } from './support/fakeAccess.ts';
import { FaultyProxy } from './support/FaultyProxy.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import {
  listsOf,
  stateOf,
  statusOf,
  whileWriting,
  within,
} from './support/whileWriting.ts';
import type { Checked } from './support/whileWriting.ts';

const BACK_WITHIN_MS = 30_000;

let server: TestApiServer;
let proxy: FaultyProxy;
let writer: ChangeWriter;
let caches: Record<string, ResourceCache>;

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
  const { port } = proxy;
  const { connections } = connectTo(server, { port });
  caches = {
    'in this thread': new InProcessResourceCache({ connections }),
    'in a worker thread': createWorkerCache({
      access: fakeAccess(server, { c: port }),
    }),
  };
});

const check = (fail: (checked: Checked[]) => Promise<unknown>) =>
  whileWriting(
    {
      caches,
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
const all = () => Object.values(caches);
const are = (state: string) => async () => {
  const states = await Promise.all(all().map(one => stateOf(one)));
  return states.every(one => one === state);
};
const allLists = () => Promise.all(all().map(listsOf));

describe('the cache equals the cluster', () => {
  it('without faults', () => check(() => sleep(2_000)));

  it('when connections are reset again and again, without relisting', () =>
    check(async () => {
      for (let count = 0; count < 5; count += 1) {
        proxy.reset();
        await sleep(1_500);
      }
      assert.deepEqual(await allLists(), [1, 1]);
    }));

  it('after a black hole, which is noticed and told, while the last data is served', () =>
    check(async checked => {
      proxy.fault = { type: 'blackHole' };
      await within(NOTICED_WITHIN_MS, are('stale'), 'they are stale');
      const hasTold = ({ types }: CacheReader) => types.at(-1) === 'stale';
      const areTold = () =>
        checked.every(
          ({ rows, views, streams }) =>
            rows.types.at(-1) === 'STALE' && hasTold(views) && hasTold(streams),
        );
      await within(NOTICED_WITHIN_MS, areTold, 'readers are told');
      const { signal } = new AbortController();
      for (const cache of all()) {
        const { rows } = await readTable(cache, { signal });
        assert.notEqual(rows.length, 0);
        const { asOf = '' } = (await statusOf(cache)) ?? {};
        assert.ok(Date.parse(asOf) < Date.now() && Date.parse(asOf) > 0);
      }
      for (const { views, streams } of checked) {
        assert.notEqual(views.told()?.length, 0);
        assert.notEqual(streams.told()?.length, 0);
      }
      await sleep(12_000);
    }));

  it('after a latency of 5 s, which is noticed', () =>
    check(async () => {
      proxy.fault = { type: 'latency', ms: 5_000 };
      await within(NOTICED_WITHIN_MS, are('stale'), 'they are stale');
    }));

  it('after 1 KB/s, which is noticed', () =>
    check(async () => {
      proxy.fault = { type: 'slow', bytesPerSecond: 1_000 };
      await within(NOTICED_WITHIN_MS, are('stale'), 'they are stale');
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
      await within(NOTICED_WITHIN_MS, are('stale'), 'they are stale');
      await server.run();
      await within(BACK_WITHIN_MS, are('live'), 'they are live');
      assert.deepEqual(await allLists(), [2, 2]);
    }));

  it('after etcd was restored to an older state that has caught up since', () =>
    check(async checked => {
      const resets = () =>
        checked.map(
          ({ objects: { types } }) =>
            types.filter(type => type === 'RESET').length,
        );
      await writer.stop();
      await server.kill();
      server.keepState('older');
      await server.run();
      writer.start();
      await within(BACK_WITHIN_MS, are('live'), 'they are live');
      await sleep(2_000);
      await writer.stop();
      const known = resets();
      await server.kill();
      server.restoreState('older');
      writer.forgetConfirmed();
      await server.run();
      writer.start();
      const areReset = () => resets().every((now, index) => now > known[index]);
      await within(BACK_WITHIN_MS, areReset, 'they were reset');
    }));
});
