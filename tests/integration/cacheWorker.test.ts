/** The cache in a real worker thread, behind a network that fails, and when the thread itself ends in the middle; and with little memory. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ROOT } from '../../dev/portal/paths.ts';
import { WorkerResourceCache } from '../../plugins/k8s-backend/src/cache/worker/WorkerResourceCache';
import { columnsOf } from '../../plugins/k8s-common/src/kindColumns';
import { unpackRows } from '../../plugins/k8s-node/src/resources/ResourceTable';
import { NOTICED_WITHIN_MS, readTable } from './support/cacheReaders.ts';
import { ChangeWriter, WRITTEN, WRITTEN_PATH } from './support/ChangeWriter.ts';
import { connectTo } from './support/connectTo.ts';
import { fakeAccess } from './support/fakeAccess.ts';
import { FaultyProxy } from './support/FaultyProxy.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import {
  listsOf,
  stateOf,
  statusOf,
  truthOf,
  whileWriting,
  within,
} from './support/whileWriting.ts';
import type { Checked } from './support/whileWriting.ts';

const BACK_WITHIN_MS = 30_000;
const LARGE_OBJECTS = 20;
/** Bytes of an object. */
const LARGE = 100_000;
const WORKER = join(
  ROOT,
  'plugins/k8s-backend/src/cache/worker/cacheWorker.ts',
);
const QUIET: LoggerService = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => QUIET,
};

let server: TestApiServer;
let proxy: FaultyProxy;
let writer: ChangeWriter;
let cache: WorkerResourceCache;
let workers: Worker[];

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
  workers = [];
  cache = new WorkerResourceCache({
    access: fakeAccess(server, { c: proxy.port }),
    workers: 1,
    settings: { network: { allow: ['127.0.0.0/8'] } },
    logger: QUIET,
    startWorker: settings => {
      const worker = new Worker(WORKER, { workerData: settings });
      workers.push(worker);
      return worker;
    },
  });
});

const isToTryAgain = (error: unknown) =>
  (error as Error).name === 'ServiceUnavailableError' &&
  /try again/.test((error as Error).message);

const check = (
  fail: (checked: Checked) => Promise<unknown>,
  mayBreak?: (error: unknown) => boolean,
) =>
  whileWriting(
    {
      cache,
      server,
      writer,
      mayBreak,
      heal: () => {
        proxy.fault = { type: 'none' };
      },
    },
    async checked => {
      await fail(checked);
    },
  );
/** Hardly packs. */
const noise = (length: number) => randomBytes(length / 2).toString('hex');

describe('the cache in worker threads has a ceiling of memory', () => {
  it('which all of them keep together, and rows stay true', async () => {
    cache.stop();
    const { connection } = connectTo(server);
    const metadata = (index: number) => ({ name: `large-${index}` });
    for (let index = 0; index < LARGE_OBJECTS; index += 1) {
      const body = { metadata: metadata(index), data: { text: noise(LARGE) } };
      await connection.request({ method: 'POST', path: WRITTEN_PATH, body });
    }
    const warnings: string[] = [];
    cache = new WorkerResourceCache({
      access: fakeAccess(server, { c: proxy.port, d: proxy.port }),
      workers: 2,
      settings: { network: { allow: ['127.0.0.0/8'] } },
      // Enough for one of them: packed, half of it, and all of it unpacked for who has just read it.
      ceilingBytes: LARGE_OBJECTS * LARGE * 2,
      logger: { ...QUIET, warn: message => warnings.push(message) },
      startWorker: settings => new Worker(WORKER, { workerData: settings }),
    });
    try {
      const { signal } = new AbortController();
      await cache.list(WRITTEN, { signal });
      await sleep(2_500);
      assert.equal((await statusOf(cache))?.keeps, 'objects');
      assert.deepEqual(warnings, []);
      await cache.list({ ...WRITTEN, cluster: 'd' }, { signal });
      const bare = async () =>
        (await cache.kinds()).find(({ keeps }) => keeps === 'rows')?.cluster;
      const isDropped = async () => (await bare()) !== undefined;
      await within(BACK_WITHIN_MS, isDropped, 'of one only rows are kept');
      const query = { ...WRITTEN, cluster: (await bare()) ?? '' };
      assert.equal(warnings.length, 1);
      const { ceilingBytes, usedBytes } = await cache.memory();
      assert.equal(usedBytes < ceilingBytes, true);
      assert.equal(await cache.list(query, { signal }), undefined);
      const columns = columnsOf(WRITTEN) ?? [];
      const page = await cache.table(
        { ...query, namespace: 'default', columns, limit: 100 },
        { signal },
      );
      assert.deepEqual(
        unpackRows(page!.rows)
          .map(({ uid, resourceVersion }) => `${uid}@${resourceVersion}`)
          .sort(),
        await truthOf(server),
      );
    } finally {
      cache.stop();
      for (let index = 0; index < LARGE_OBJECTS; index += 1) {
        const path = `${WRITTEN_PATH}/${metadata(index).name}`;
        await connection.request({ method: 'DELETE', path });
      }
    }
  });
});

const isStale = async () => (await stateOf(cache)) === 'stale';

describe('the cache in a worker thread equals the cluster', () => {
  it('without faults', () => check(() => sleep(2_000)));

  it('when connections are reset again and again, without relisting', () =>
    check(async () => {
      for (let count = 0; count < 4; count += 1) {
        proxy.reset();
        await sleep(1_500);
      }
      assert.equal(await listsOf(cache), 1);
    }));

  it('after a black hole, which is noticed and told, while the last rows are served', () =>
    check(async ({ rows }) => {
      proxy.fault = { type: 'blackHole' };
      await within(NOTICED_WITHIN_MS, isStale, 'it is stale');
      const isTold = () => rows.types.at(-1) === 'STALE';
      await within(NOTICED_WITHIN_MS, isTold, 'readers of rows are told');
      const { signal } = new AbortController();
      assert.notEqual((await readTable(cache, { signal })).rows.length, 0);
      await sleep(11_000);
    }));

  it('after the thread was ended in the middle, twice; who waited is told to try again', () =>
    check(async ({ objects, rows }) => {
      const { signal } = new AbortController();
      for (const count of [1, 2]) {
        const pending = Array.from({ length: 20 }, () =>
          readTable(cache, { signal }),
        );
        await Promise.all([
          workers.at(-1)?.terminate(),
          Promise.allSettled(pending).then(results => {
            const errors = results.flatMap(result =>
              result.status === 'rejected' ? [result.reason] : [],
            );
            assert.notEqual(errors.length, 0);
            assert.deepEqual(
              errors.filter(one => !isToTryAgain(one)),
              [],
            );
          }),
        ]);
        const isBack = async () =>
          workers.length === count + 1 && (await stateOf(cache)) === 'live';
        await within(BACK_WITHIN_MS, isBack, 'another thread is live');
        await sleep(2_000);
      }
      for (const { types } of [objects, rows]) {
        const told = types.filter(one => one === 'RESET' || one === 'BROKEN');
        assert.equal(told.filter(one => one === 'BROKEN').length >= 2, true);
        assert.equal(told.at(-1), 'RESET');
      }
    }, isToTryAgain));
});
