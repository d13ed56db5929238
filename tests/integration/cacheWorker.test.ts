/**
 * The cache in real worker threads: when a thread itself ends in the middle, and with little memory. How it stands a network that
 * fails, and odd answers, is seen in `cache.test.ts` and `cacheAnswers.test.ts`.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { WorkerResourceCache } from '../../plugins/k8s-backend/src/cache/worker/WorkerResourceCache';
import { columnsOf } from '../../plugins/k8s-common/src/kindColumns';
import { unpackRows } from '../../plugins/k8s-node/src/resources/ResourceTable';
import { readTable } from './support/cacheReaders.ts';
import {
  ChangeWriter,
  WRITTEN,
  written,
  WRITTEN_PATH,
} from './support/ChangeWriter.ts';
import { connectTo } from './support/connectTo.ts';
import { createWorkerCache } from './support/createWorkerCache.ts';
import { fakeAccess } from './support/fakeAccess.ts';
import { QUIET } from './support/quietLogger.ts';
import { TestApiServer } from './support/TestApiServer.ts';
import {
  stateOf,
  statusOf,
  truthOf,
  whileWriting,
  within,
} from './support/whileWriting.ts';

const BACK_WITHIN_MS = 30_000;
const LARGE_OBJECTS = 20;
/** Bytes of an object. */
const LARGE = 100_000;
let server: TestApiServer;
let writer: ChangeWriter;
let cache: WorkerResourceCache;
let workers: Worker[];

before(async () => {
  server = await TestApiServer.start();
  writer = new ChangeWriter(server);
});

after(async () => {
  await server?.stop();
});

beforeEach(() => {
  workers = [];
  cache = createWorkerCache({
    access: fakeAccess(server, { c: server.port }),
    onWorker: worker => workers.push(worker),
  });
});

const isToTryAgain = (error: unknown) =>
  (error as Error).name === 'ServiceUnavailableError' &&
  /try again/.test((error as Error).message);

/** Hardly packs. */
const noise = (length: number) => randomBytes(length / 2).toString('hex');

describe('the cache in worker threads has a ceiling of memory', () => {
  it('which all of them keep together, and rows stay true', async () => {
    cache.stop();
    const { connection } = connectTo(server);
    const nameOf = (index: number) => `large-${index}`;
    for (let index = 0; index < LARGE_OBJECTS; index += 1) {
      const annotations = { text: noise(LARGE) };
      const body = written(nameOf(index), { annotations });
      await connection.request({ method: 'POST', path: WRITTEN_PATH, body });
    }
    const warnings: string[] = [];
    const { port } = server;
    cache = createWorkerCache({
      access: fakeAccess(server, { c: port, d: port }),
      workers: 2,
      // Enough for one of them: packed, half of it, and all of it unpacked for who has just read it.
      ceilingBytes: LARGE_OBJECTS * LARGE * 2,
      logger: { ...QUIET, warn: message => warnings.push(message) },
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
        const path = `${WRITTEN_PATH}/${nameOf(index)}`;
        await connection.request({ method: 'DELETE', path });
      }
    }
  });
});

it('the cache equals the cluster after its thread was ended in the middle, twice; who waited is told to try again', () =>
  whileWriting(
    {
      caches: { 'in a worker thread': cache },
      ...{ server, writer },
      heal: () => {},
      mayBreak: isToTryAgain,
    },
    async ([{ objects, rows }]) => {
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
    },
  ));
