/**
 * The checker: a writer changes objects at random; each change carries a number that only grows. Readers record what the cache
 * tells. Numbers never go back but after a marked reset, nothing is seen that was never written, what is not true any more is
 * called stale, and after the faults cache and cluster are equal.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceCache } from '../../../plugins/k8s-backend/src/cache/ResourceCache';
import {
  ObjectReader,
  readTable,
  RowReader,
  TableReader,
} from './cacheReaders.ts';
import type { CacheReader } from './cacheReaders.ts';
import { WRITTEN, WRITTEN_PATH } from './ChangeWriter.ts';
import type { ChangeWriter } from './ChangeWriter.ts';
import { connectTo } from './connectTo.ts';
import type { TestApiServer } from './TestApiServer.ts';

const EQUAL_WITHIN_MS = 30_000;
const LIVE_WITHIN_MS = 20_000;
const POLL_MS = 50;

/** What a fault is given. */
export interface Checked {
  objects: CacheReader;
  rows: CacheReader;
  tables: CacheReader;
}

/** Waits until the condition holds; fails with `what` when it does not. */
export async function within(
  timeMs: number,
  condition: () => boolean | Promise<boolean>,
  what: string,
) {
  const giveUpAt = Date.now() + timeMs;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) assert.fail(`Not within ${timeMs} ms: ${what}`);
    await sleep(POLL_MS);
  }
}

/** How the cache of what is written is; undefined: it is not read. */
export async function statusOf(cache: ResourceCache) {
  const kinds = await cache.kinds().catch(() => []);
  return kinds.find(({ plural }) => plural === WRITTEN.plural);
}

/** How many complete lists were read, and how fresh what is shown is. */
export const listsOf = async (cache: ResourceCache) =>
  (await statusOf(cache))?.lists;
export const stateOf = async (cache: ResourceCache) =>
  (await statusOf(cache))?.state;

/** `uid@resourceVersion` of what is in the cluster. */
export async function truthOf(server: TestApiServer): Promise<string[]> {
  const { connection } = connectTo(server);
  const response = await connection.request({ path: WRITTEN_PATH });
  const { items } = await response.json<{
    items: { metadata: Record<string, unknown> }[];
  }>();
  return keysOf(items);
}

const keysOf = (items: readonly { metadata: object }[]) =>
  items
    .map(({ metadata }) => {
      const { uid, resourceVersion } = metadata as Record<string, unknown>;
      return `${uid}@${resourceVersion}`;
    })
    .sort();

async function cachedObjects(cache: ResourceCache): Promise<string[]> {
  const { signal } = new AbortController();
  const query = { ...WRITTEN, namespace: 'default' };
  const result = await cache.list(query, { signal });
  return keysOf(result?.items ?? []);
}

async function cachedRows(cache: ResourceCache): Promise<string[]> {
  const { rows } = await readTable(cache, new AbortController());
  return rows
    .map(({ uid, resourceVersion }) => `${uid}@${resourceVersion}`)
    .sort();
}

function difference(told: readonly string[], real: readonly string[]) {
  return [
    ...told.filter(one => !real.includes(one)).map(one => `+${one}`),
    ...real.filter(one => !told.includes(one)).map(one => `-${one}`),
  ];
}

/** Runs writer and readers while something fails; after it, cache and cluster have to be equal. Ends the cache. */
export async function whileWriting(
  options: {
    cache: ResourceCache;
    server: TestApiServer;
    writer: ChangeWriter;
    /** Ends the fault. */
    heal: () => void;
    /** Whether streams and answers may fail so while the fault lasts. */
    mayBreak?: (error: unknown) => boolean;
  },
  fail: (checked: Checked) => Promise<void>,
) {
  const { cache, server, writer } = options;
  const checked = {
    objects: new ObjectReader(options),
    rows: new RowReader(options),
    tables: new TableReader(options),
  };
  const readers: CacheReader[] = Object.values(checked);
  try {
    writer.start();
    readers.forEach(reader => reader.start());
    const isLive = async () => (await stateOf(cache)) === 'live';
    await within(LIVE_WITHIN_MS, isLive, 'the cache is live');
    await sleep(1_000);
    await fail(checked);
    options.heal();
    const giveUpAt = Date.now() + EQUAL_WITHIN_MS;
    await sleep(1_000);
    await writer.stop();
    const views: Record<string, () => Promise<string[]> | string[]> = {
      objects: () => cachedObjects(cache),
      rows: () => cachedRows(cache),
      'changes of objects': () => checked.objects.told(),
      'changes of rows': () => checked.rows.told(),
    };
    for (const [name, view] of Object.entries(views)) {
      let differs: string[] = [];
      const isEqual = async () => {
        differs = difference(await view(), await truthOf(server));
        return differs.length === 0;
      };
      await within(giveUpAt - Date.now(), isEqual, name).catch(error => {
        const told = readers.map(({ types }) => types.join()).join('; ');
        const problems = readers.flatMap(reader => reader.problems);
        throw new Error(
          `${error.message}: ${differs}; ${told}; ${problems.slice(0, 10)}`,
        );
      });
    }
    for (const { problems } of readers) {
      assert.deepEqual(problems.slice(0, 10), []);
    }
    await within(EQUAL_WITHIN_MS, isLive, 'it is live again');
  } finally {
    await writer.stop();
    await Promise.all(readers.map(reader => reader.stop()));
    cache.stop();
  }
}
