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
import { StreamReader, ViewReader } from './viewReaders.ts';

const EQUAL_WITHIN_MS = 30_000;
const LIVE_WITHIN_MS = 20_000;
const POLL_MS = 50;

/** What a fault is given: all ways in which the cache is read meanwhile. */
export interface Checked {
  objects: CacheReader;
  rows: CacheReader;
  tables: CacheReader;
  views: CacheReader;
  streams: CacheReader;
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

/** How the cache of a kind is, of what is written unless said otherwise; undefined: it is not read. */
export async function statusOf(
  cache: ResourceCache,
  kind: { plural: string } = WRITTEN,
) {
  const kinds = await cache.kinds().catch(() => []);
  return kinds.find(({ plural }) => plural === kind.plural);
}

/** How many complete lists were read, and how fresh what is shown is. */
export const listsOf = async (cache: ResourceCache) =>
  (await statusOf(cache))?.lists;
export const stateOf = async (
  cache: ResourceCache,
  kind?: { plural: string },
) => (await statusOf(cache, kind))?.state;

/** `uid@resourceVersion`, or `name@resourceVersion`, of what is in the cluster. */
export async function truthOf(
  server: TestApiServer,
  key: 'uid' | 'name' = 'uid',
): Promise<string[]> {
  const { connection } = connectTo(server);
  const response = await connection.request({ path: WRITTEN_PATH });
  const { items } = await response.json<{
    items: { metadata: Record<string, unknown> }[];
  }>();
  return keysOf(items, key);
}

const keysOf = (
  items: readonly { metadata: object }[],
  key: 'uid' | 'name' = 'uid',
) =>
  items
    .map(({ metadata }) => metadata as Record<string, unknown>)
    .map(one => `${one[key]}@${one.resourceVersion}`)
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

/** How cache and cluster are compared: what is read of the cache or was told, and by what objects are told apart there. */
function comparisons(
  cache: ResourceCache,
  checked: Checked,
): Record<string, [() => Promise<string[]>, 'uid' | 'name']> {
  const told = async (reader: CacheReader) => reader.told() ?? [];
  return {
    objects: [() => cachedObjects(cache), 'uid'],
    rows: [() => cachedRows(cache), 'uid'],
    'changes of objects': [() => told(checked.objects), 'uid'],
    'changes of rows': [() => told(checked.rows), 'uid'],
    'rows of the view': [() => told(checked.views), 'name'],
    'the stream of the view': [() => told(checked.streams), 'name'],
  };
}

/**
 * Runs a writer, and all readers of each cache, while something fails; after it, caches and cluster have to be equal. Ends the
 * caches.
 */
export async function whileWriting(
  options: {
    /** By what they are called where they are wrong. */
    caches: Readonly<Record<string, ResourceCache>>;
    server: TestApiServer;
    writer: ChangeWriter;
    /** Ends the fault. */
    heal: () => void;
    /** Whether streams and answers may fail so while the fault lasts. */
    mayBreak?: (error: unknown) => boolean;
  },
  fail: (checked: Checked[]) => Promise<void>,
) {
  const { server, writer, mayBreak } = options;
  const all = Object.entries(options.caches).map(([name, cache]) => {
    const reading = { cache, writer, mayBreak };
    const checked: Checked = {
      objects: new ObjectReader(reading),
      rows: new RowReader(reading),
      tables: new TableReader(reading),
      views: new ViewReader(reading),
      streams: new StreamReader(reading),
    };
    return { name, cache, checked, readers: Object.values(checked) };
  });
  const readers: CacheReader[] = all.flatMap(one => one.readers);
  const areLive = async () => {
    const states = await Promise.all(all.map(({ cache }) => stateOf(cache)));
    return states.every(state => state === 'live');
  };
  try {
    writer.start();
    readers.forEach(reader => reader.start());
    await within(LIVE_WITHIN_MS, areLive, 'the cache is live');
    await sleep(1_000);
    await fail(all.map(({ checked }) => checked));
    options.heal();
    const giveUpAt = Date.now() + EQUAL_WITHIN_MS;
    await sleep(1_000);
    await writer.stop();
    for (const { name, cache, checked } of all) {
      const compared = Object.entries(comparisons(cache, checked));
      for (const [way, [told, key]] of compared) {
        let differs: string[] = [];
        const isEqual = async () => {
          differs = difference(await told(), await truthOf(server, key));
          return differs.length === 0;
        };
        const what = `${name}: ${way}`;
        await within(giveUpAt - Date.now(), isEqual, what).catch(error => {
          const types = readers.map(reader => reader.types.join()).join('; ');
          const problems = readers.flatMap(reader => reader.problems);
          throw new Error(
            `${error.message}: ${differs}; ${types}; ${problems.slice(0, 10)}`,
          );
        });
      }
      for (const [way, { problems }] of Object.entries(checked)) {
        assert.deepEqual(problems.slice(0, 10), [], `${name}: ${way}`);
      }
    }
    await within(EQUAL_WITHIN_MS, areLive, 'it is live again');
  } finally {
    await writer.stop();
    await Promise.all(readers.map(reader => reader.stop()));
    for (const { cache } of all) cache.stop();
  }
}
