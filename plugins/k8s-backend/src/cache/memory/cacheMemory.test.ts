/** What readers get of a cache that is at its ceiling. */
import { columnsOf } from '@backstage-k8s/plugin-k8s-common';
import { unpackRows } from '@backstage-k8s/plugin-k8s-node';
import { CannedApiServer } from '../__testUtils__/CannedApiServer';
import {
  CONFIG_MAPS,
  CONFIG_MAPS_PATH,
  configMap,
  eventually,
  line,
  listOf,
} from '../__testUtils__/objects';
import { InProcessResourceCache } from '../InProcessResourceCache';
import type { ViewUpdate } from '../views/readView';
import { MemoryLedger } from './MemoryLedger';

// For a machine that is busy with other tests.
jest.setTimeout(30_000);

const SECRETS = { ...CONFIG_MAPS, plural: 'secrets' };
/** Of kinds whose objects are large here; of others there are none, or small ones. */
const LARGE = /configmaps|deployments|nodes/;
const SMALL = /secrets/;
const COUNT = 200;
const MIB = 1024 * 1024;

let server: CannedApiServer;
let cache: InProcessResourceCache;
let text: string;
const warnings: string[] = [];

function start(ceilingBytes: number) {
  cache = new InProcessResourceCache({
    connections: server.connections,
    timings: {
      ...{ jitterMs: 10, firstPauseMs: 20, longestPauseMs: 100 },
      ...{ syncWaitMs: 2_000, memoryLookMs: 20, regainPauseMs: 100 },
    },
    memory: { ceilingBytes, memory: MemoryLedger.memory(1), thread: 0 },
    onWarning: message => warnings.push(message),
  });
}

beforeEach(async () => {
  warnings.length = 0;
  // Not to be packed well.
  text = Array.from({ length: 800 }, (_, index) => (index * 7919) ** 3).join();
  server = new CannedApiServer(({ isWatch, path }, response) => {
    if (isWatch) return;
    const length = LARGE.test(path) || SMALL.test(path) ? COUNT : 0;
    const items = Array.from({ length }, (_, index) =>
      configMap(`object-${index}`, 5, {
        data: LARGE.test(path) ? { text: `${index} ${text}` } : {},
        labels: { half: index % 2 === 0 ? 'a' : 'b' },
      }),
    );
    response.end(listOf(items, 10));
  });
  await server.start();
});

afterEach(async () => {
  cache.stop();
  await server.stop();
});

const signal = () => new AbortController().signal;
const status = async (plural = 'configmaps') => {
  const kinds = await cache.kinds();
  const [found] = kinds.filter(kind => kind.plural === plural);
  return found;
};
const keeps = async (plural?: string) => (await status(plural))?.keeps;
const list = () => cache.list(CONFIG_MAPS, { signal: signal() });
const get = (name: string) =>
  cache.get(
    { ...CONFIG_MAPS, namespace: 'default', name },
    { signal: signal() },
  );
const columns = columnsOf(CONFIG_MAPS) ?? [];
async function table(kind = CONFIG_MAPS) {
  const page = await cache.table(
    { ...kind, columns, limit: 5, labelSelector: 'half=a' },
    { signal: signal() },
  );
  return page && { names: unpackRows(page.rows).length, total: page.total };
}

/** What the rows and objects of the kind take. */
async function measure() {
  start(Number.POSITIVE_INFINITY);
  await list();
  const { memoryBytes } = await status();
  cache.stop();
  server.requests.length = 0;
  return memoryBytes;
}

/** Rows of another kind take the room. */
function fill() {
  const secrets = Array.from({ length: 3000 }, (_, index) =>
    configMap(`secret-${index}`, 20),
  );
  for (const secret of secrets) cache.put(SECRETS, secret);
  return secrets;
}

function unfill(secrets: ReturnType<typeof fill>) {
  for (const { metadata } of secrets) {
    const { namespace, name = '', uid = '' } = metadata;
    cache.remove({ ...SECRETS, namespace, name }, uid);
  }
}

const tooSmallForObjects = async () => (await measure()) * 0.9;

describe('a cache without room for objects', () => {
  it('still has rows, says so once, and answers what it does not have by nothing', async () => {
    start(await tooSmallForObjects());
    await list();
    await eventually(async () => (await keeps()) === 'rows');
    expect(await table()).toEqual({ names: 5, total: COUNT / 2 });
    expect(await get('object-7')).toMatchObject({ object: undefined });
    expect(await get('nothing')).toMatchObject({ object: undefined });
    expect(await list()).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('k8s.cache.memory')]);
    expect(await cache.memory()).toMatchObject({
      ...{ droppedBodies: 1, droppedKinds: 0 },
    });
    expect(await status()).toMatchObject({ objects: COUNT, packedBytes: 0 });
  });

  it('keeps the rows up to date', async () => {
    start(await tooSmallForObjects());
    await list();
    await eventually(async () => (await keeps()) === 'rows');
    await eventually(() => server.watches.has(CONFIG_MAPS_PATH));
    server.watches
      .get(CONFIG_MAPS_PATH)
      ?.write(line('ADDED', configMap('new', 20, { labels: { half: 'a' } })));
    await eventually(async () => (await table())?.total === COUNT / 2 + 1);
    expect(await get('new')).toMatchObject({ object: undefined });
  });

  it.each([
    ['somebody reads them', () => list()],
    ['it is touched', () => cache.touch(CONFIG_MAPS, { signal: signal() })],
  ])('has objects again when there is room and %s', async (_, ask) => {
    const bytes = await measure();
    start(bytes * 1.5);
    await list();
    await cache.list(SECRETS, { signal: signal() });
    const secrets = fill();
    const abort = new AbortController();
    const watching = cache.watchRows(
      { ...SECRETS, columns: columnsOf(SECRETS) ?? [] },
      abort,
    );
    await watching.next();
    await eventually(async () => (await keeps()) === 'rows');
    expect(await list()).toBeUndefined();
    expect(await table()).toEqual({ names: 5, total: COUNT / 2 });
    unfill(secrets);
    await eventually(async () => {
      await ask();
      return (await keeps()) === 'objects';
    });
    await eventually(async () => (await list())?.items.length === COUNT);
    expect(await get('object-7')).toMatchObject({
      object: { data: { text: `7 ${text}` } },
    });
    expect(await keeps()).toBe('objects');
    abort.abort();
    await watching.next();
  });

  it('reads them again for who follows them, and tells all or nothing', async () => {
    const bytes = await measure();
    start(bytes * 1.5);
    await list();
    await cache.list(SECRETS, { signal: signal() });
    const secrets = fill();
    await eventually(async () => (await keeps()) === 'rows');
    unfill(secrets);
    const abort = new AbortController();
    const told: string[] = [];
    for await (const change of cache.watch(CONFIG_MAPS, abort)) {
      if (change.type === 'ADDED') told.push(change.object.metadata.name ?? '');
      if (change.type === 'SYNCED') break;
    }
    expect(new Set(told).size).toBe(COUNT);
    expect(await keeps()).toBe('objects');
    abort.abort();
  });
});

describe('a view', () => {
  const part = (plural: string, group = '') => ({
    ...{ cluster: 'c1', group, version: 'v1', plural },
  });
  const parts = {
    deployments: part('deployments', 'apps'),
    replicasets: part('replicasets', 'apps'),
    pods: part('pods'),
    events: part('events'),
  };
  const query = { view: 'deployments', cluster: 'c1', parts };

  it('counts as memory as long as it is read', async () => {
    start(Number.POSITIVE_INFINITY);
    await cache.list(parts.deployments, { signal: signal() });
    const used = async () => (await cache.memory()).usedBytes;
    const counted = async () => {
      const { memoryBytes } = await status('deployments');
      return (await used()) - memoryBytes;
    };
    await eventually(async () => Math.abs(await counted()) < 2_048);
    const abort = new AbortController();
    const updates = cache.watchView(query, abort);
    for (;;) {
      const { value } = await updates.next();
      if ((value as ViewUpdate).isSynced) break;
    }
    // A row says more than its name and place.
    await eventually(async () => (await counted()) > COUNT * 100);
    abort.abort();
    await updates.next();
    await eventually(async () => (await counted()) < COUNT * 100);
  });

  it('waits for objects that were dropped, and has all of its rows then', async () => {
    start((await measure()) * 1.5);
    await cache.list(parts.deployments, { signal: signal() });
    await cache.list(SECRETS, { signal: signal() });
    const secrets = fill();
    await eventually(async () => (await keeps('deployments')) === 'rows');
    unfill(secrets);
    const abort = new AbortController();
    const updates: ViewUpdate[] = [];
    for await (const update of cache.watchView(query, abort)) {
      updates.push(update);
      if (update.isSynced) break;
    }
    abort.abort();
    const [whole, ...before] = updates.reverse();
    expect(whole.upserted).toHaveLength(COUNT);
    for (const {
      upserted,
      cache: { state },
    } of before) {
      expect([upserted, state]).toEqual([[], 'syncing']);
    }
  });

  it('goes on without a part that it can do without and that does not fit', async () => {
    start((await measure()) * 0.8);
    const updates = cache.watchView(
      {
        ...{ view: 'nodes', cluster: 'c1' },
        parts: { nodes: SECRETS, pods: CONFIG_MAPS },
      },
      { signal: signal() },
    );
    const told = new Set<string>();
    for await (const { upserted, cache: state } of updates) {
      for (const { key } of upserted) told.add(key);
      if ((await keeps()) !== 'nothing') continue;
      expect(state).toEqual({ state: 'live' });
      break;
    }
    expect(told.size).toBe(COUNT);
  });

  it('fails when there is no room for them', async () => {
    start(0.03 * MIB);
    const updates = cache.watchView(query, { signal: signal() });
    await expect(
      (async () => {
        for await (const _ of updates);
      })(),
    ).rejects.toThrow('k8s.cache.memory');
  });
});

describe('a list that may be too long', () => {
  it('is refused without its objects', async () => {
    start(Number.POSITIVE_INFINITY);
    const most = (maxItems: number) =>
      cache.list({ ...CONFIG_MAPS, maxItems }, { signal: signal() });
    expect((await most(COUNT))?.items).toHaveLength(COUNT);
    await expect(most(COUNT - 1)).rejects.toMatchObject({ statusCode: 413 });
  });
});

describe('a kind that does not fit', () => {
  it('is not kept: reads are left to the API server, who follows it is told what to do', async () => {
    start(0.03 * MIB);
    expect(await table()).toBeDefined();
    await eventually(async () => (await keeps()) === 'nothing');
    expect(await table()).toBeUndefined();
    expect(await list()).toBeUndefined();
    expect(await get('object-7')).toBeUndefined();
    const refusal = {
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('k8s.cache.memory'),
    };
    const query = { ...CONFIG_MAPS, columns, limit: 5 };
    await expect(
      cache.table(
        { ...query, find: { text: 'object', by: ['name'] } },
        { signal: signal() },
      ),
    ).rejects.toMatchObject(refusal);
    await expect(
      cache.watchRows(query, { signal: signal() }).next(),
    ).rejects.toMatchObject(refusal);
    await expect(
      (async () => {
        for await (const _ of cache.watch(CONFIG_MAPS, { signal: signal() }));
      })(),
    ).rejects.toMatchObject(refusal);
    expect(await status()).toMatchObject({ objects: 0, memoryBytes: 0 });
    // Nobody watches it for us any more, and it is not read again and again.
    const before = server.lists(CONFIG_MAPS_PATH).length;
    await table();
    await table();
    expect(server.lists(CONFIG_MAPS_PATH)).toHaveLength(before);
  });

  it('ends for those who follow it', async () => {
    start(0.03 * MIB);
    const changes = cache.watchRows(
      { ...CONFIG_MAPS, columns },
      { signal: signal() },
    );
    await expect(
      (async () => {
        for await (const _ of changes);
      })(),
    ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
    expect(await keeps()).toBe('nothing');
  });

  it('goes before a critical one', async () => {
    const nodes = { ...CONFIG_MAPS, plural: 'nodes' };
    start((await measure()) * 1.2);
    await cache.list(nodes, { signal: signal() });
    await list();
    for (let index = 0; index < 6000; index += 1) {
      cache.put(CONFIG_MAPS, configMap(`more-${index}`, 30));
    }
    await eventually(async () => (await keeps()) === 'nothing');
    expect(await keeps('nodes')).not.toBe('nothing');
    expect(await cache.memory()).toMatchObject({ droppedKinds: 1 });
  });

  it('is read again when others make way', async () => {
    start((await measure()) * 1.2);
    await cache.list(SECRETS, { signal: signal() });
    await list();
    for (let index = 0; index < 3000; index += 1) {
      cache.put(SECRETS, configMap(`more-${index}`, 30));
    }
    await eventually(async () => (await keeps('secrets')) !== 'objects');
    await eventually(async () => (await keeps()) === 'rows');
    await eventually(async () => {
      const page = await table();
      return page?.total === COUNT / 2 && (await list()) !== undefined;
    });
    expect((await list())?.items).toHaveLength(COUNT);
    const abort = new AbortController();
    const changes = cache.watchRows({ ...CONFIG_MAPS, columns }, abort);
    expect((await changes.next()).value).toEqual({
      ...{ type: 'RESET', cache: { state: 'live' } },
    });
    abort.abort();
  });
});
