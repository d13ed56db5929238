import type { ServerResponse } from 'node:http';
import { unpackRows } from '@backstage-k8s/plugin-k8s-node';
import type {
  AccessFilter,
  ResourceChange,
} from '@backstage-k8s/plugin-k8s-node';
import { InProcessResourceCache } from './InProcessResourceCache';
import type { CacheTimings } from './CacheTimings';
import { CannedApiServer } from './__testUtils__/CannedApiServer';
import type { CannedRequest } from './__testUtils__/CannedApiServer';
import {
  CONFIG_MAPS,
  CONFIG_MAPS_PATH,
  configMap,
  eventually,
  line,
  listOf,
  statusBody,
} from './__testUtils__/objects';

const FAST: Partial<CacheTimings> = {
  probeIntervalMs: 200,
  awayProbeIntervalMs: 100,
  probeTimeoutMs: 500,
  jitterMs: 10,
  firstPauseMs: 20,
  longestPauseMs: 100,
  syncWaitMs: 2_000,
  versionWaitMs: 200,
};

// For a machine that is busy with other tests.
jest.setTimeout(30_000);

let server: CannedApiServer;
let cache: InProcessResourceCache;
const suspected: string[] = [];
const warned: string[] = [];

async function start(
  answer: (
    request: CannedRequest,
    response: ServerResponse,
  ) => string | undefined | void,
  timings: Partial<CacheTimings> = {},
) {
  server = new CannedApiServer((request, response) => {
    const body = answer(request, response);
    if (body === undefined) return;
    if (request.isWatch) response.write(body);
    else response.end(body);
  });
  await server.start();
  suspected.length = 0;
  warned.length = 0;
  cache = new InProcessResourceCache({
    connections: server.connections,
    suspect: cluster => suspected.push(cluster),
    onWarning: message => warned.push(message),
    timings: { ...FAST, ...timings },
  });
}

afterEach(async () => {
  cache.stop();
  await server.stop();
});

const signal = () => new AbortController().signal;
const named = (name: string) => ({
  ...CONFIG_MAPS,
  namespace: 'default',
  name,
});

async function names(query: object = {}): Promise<string[]> {
  const all = { ...CONFIG_MAPS, ...query };
  const result = await cache.list(all, { signal: signal() });
  return (result?.items ?? []).map(({ metadata }) => `${metadata.name}`).sort();
}

const quiet = (items = [configMap('a', 5)]) =>
  start(({ isWatch }) => (isWatch ? undefined : listOf(items, 10)));

const watchesOpened = (count: number) =>
  eventually(() => server.watched(CONFIG_MAPS_PATH).length >= count);

/** Reads changes until told otherwise. */
function follow(query: object = {}) {
  const abort = new AbortController();
  const told: string[] = [];
  let error: unknown;
  const done = (async () => {
    const all = { ...CONFIG_MAPS, ...query };
    const changes = cache.watch(all, { signal: abort.signal });
    for await (const change of changes) told.push(describeChange(change));
  })().catch(thrown => {
    error = thrown;
  });
  return {
    told,
    error: () => error,
    stop: async () => {
      abort.abort();
      await done;
    },
  };
}

function describeChange(change: ResourceChange): string {
  if (!('object' in change)) return change.type;
  const { name, resourceVersion } = change.object.metadata;
  return `${change.type} ${name}@${resourceVersion}`;
}

function filterOf(...namespaces: string[]): AccessFilter {
  return {
    cluster: { id: 'c1', name: 'one', labels: {} },
    criteria: {
      rule: 'IS_NAMESPACE',
      resourceType: 'k8s-resource',
      params: { namespaces },
    },
  };
}

describe('queries', () => {
  it('select by namespace, label, owner, and what may be seen', async () => {
    await quiet([
      configMap('a', 1, { labels: { app: 'x' } }),
      configMap('b', 2, { labels: { app: 'y' }, ownerUid: 'o1' }),
      configMap('c', 3, { namespace: 'other', labels: { app: 'x' } }),
      configMap('d', 4, { namespace: 'hidden', ownerUid: 'o1' }),
    ]);
    expect(await names()).toEqual(['a', 'b', 'c', 'd']);
    expect(await names({ namespace: 'default' })).toEqual(['a', 'b']);
    expect(await names({ namespace: 'nowhere' })).toEqual([]);
    expect(await names({ labelSelector: 'app in (x)' })).toEqual(['a', 'c']);
    expect(await names({ ownerUids: ['o1'] })).toEqual(['b', 'd']);
    const filter = filterOf('default', 'other');
    expect(await names({ filter })).toEqual(['a', 'b', 'c']);
    expect(await names({ filter, ownerUids: ['o1'] })).toEqual(['b']);
    expect(await names({ filter: { ...filter, criteria: 'none' } })).toEqual(
      [],
    );
    await expect(names({ labelSelector: 'a b' })).rejects.toThrow(
      'The label selector cannot be read',
    );
    await expect(names({ plural: '../secrets' })).rejects.toThrow('plural');
    expect(server.lists(CONFIG_MAPS_PATH)).toHaveLength(1);
  });

  it('share one list and one watch', async () => {
    await quiet();
    await Promise.all(Array.from({ length: 20 }, () => names()));
    await watchesOpened(1);
    expect(server.requests).toHaveLength(2);
  });

  it('wait for a version, and say when it does not come', async () => {
    await quiet();
    await names();
    await watchesOpened(1);
    const reads = (minimumVersion: string) =>
      cache.list(CONFIG_MAPS, { signal: signal(), minimumVersion });
    expect(await reads('10')).toBeDefined();
    expect(await reads('99')).toBeUndefined();
    const waiting = reads('12345678901234567890123');
    server.watches
      .get(CONFIG_MAPS_PATH)
      ?.write(line('ADDED', configMap('b', '12345678901234567890123')));
    expect((await waiting)?.items).toHaveLength(2);
    await expect(reads('1e3')).rejects.toMatchObject({ name: 'InputError' });
  });

  it('show what has arrived while the first list still arrives', async () => {
    let finish = () => {};
    await start(
      ({ isWatch, query }, response) => {
        if (isWatch) return undefined;
        if (query.has('continue')) {
          finish = () => response.end(listOf([configMap('b', 2)], 10));
          return undefined;
        }
        return listOf([configMap('a', 1)], 10, { continue: 'more' });
      },
      { syncWaitMs: 100 },
    );
    const early = await cache.list(CONFIG_MAPS, { signal: signal() });
    expect(early).toMatchObject({ cache: { state: 'syncing' } });
    expect(await names()).toEqual(['a']);
    finish();
    await eventually(async () => (await names()).length === 2);
    expect(cache.state(CONFIG_MAPS)).toEqual({ state: 'live' });
  });

  it('do not wait once more for a first list that takes long, which is read page by page', async () => {
    let lists = 0;
    await start(
      ({ isWatch, query }) => {
        if (isWatch || query.has('continue')) return undefined;
        lists += 1;
        return listOf([configMap('a', 1)], 10, { continue: 'more' });
      },
      { syncWaitMs: 2_000 },
    );
    await names();
    // The next ones get what there is before another wait would end.
    const next = names().then(found => ({ found }));
    const waited = new Promise(resolve => {
      setTimeout(resolve, 2_000, 'waited');
    });
    expect(await Promise.race([next, waited])).toEqual({ found: ['a'] });
    expect(lists).toBe(1);
  });

  it('wait for a list that is read again since the one before has broken', async () => {
    let isBroken = true;
    let end = () => {};
    await start(
      ({ isWatch, query }, response) => {
        if (isWatch) return undefined;
        if (!query.has('continue')) {
          return listOf([configMap('a', 1)], 10, { continue: 'more' });
        }
        end = isBroken
          ? () => response.destroy()
          : () => response.end(listOf([configMap('b', 2)], 10));
        return undefined;
      },
      { syncWaitMs: 1_000 },
    );
    expect(await names()).toEqual(['a']);
    isBroken = false;
    const broken = end;
    broken();
    await eventually(() => end !== broken);
    const next = names();
    setTimeout(() => end(), 200);
    expect(await next).toEqual(['a', 'b']);
  });

  it('fail when nothing is known of a cluster that cannot be read', async () => {
    await start(
      (_, response) => {
        response.writeHead(503);
        response.end(JSON.stringify(statusBody(503)));
      },
      { syncWaitMs: 200 },
    );
    await expect(names()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
    });
  });
});

describe('columns', () => {
  it('that change while a list is read again are those of its rows too', async () => {
    let finish = () => {};
    const items = [configMap('a', 5, { data: { number: '7' } })];
    await start(({ isWatch, count }, response) => {
      if (isWatch)
        return count === 0 ? line('ERROR', statusBody(410)) : undefined;
      if (count === 0) return listOf(items, 10);
      finish = () => response.end(listOf(items, 15));
      return undefined;
    });
    const cells = async (path: string) => {
      const table = await cache.table(
        {
          ...CONFIG_MAPS,
          columns: [{ id: 'x', title: 'X', type: 'text', path }],
          limit: 1,
        },
        { signal: signal() },
      );
      return table && unpackRows(table.rows).map(row => row.cells);
    };
    expect(await cells('.metadata.name')).toEqual([['a']]);
    await eventually(() => server.lists(CONFIG_MAPS_PATH).length === 2);
    expect(await cells('.data.number')).toEqual([['7']]);
    finish();
    await eventually(async () => (await cache.kinds())[0].lists === 2);
    expect(await cells('.data.number')).toEqual([['7']]);
  });
});

describe('a cluster that goes away', () => {
  it('is stale with its age, still answers, is suspected, and comes back by one list', async () => {
    await quiet();
    await names();
    await watchesOpened(1);
    const before = Date.now();
    server.isDeaf = true;
    for (const watch of server.watches.values()) watch.destroy();
    await eventually(() => cache.state(CONFIG_MAPS)?.state === 'stale');
    const { asOf = '', message } = cache.state(CONFIG_MAPS) ?? {};
    expect(Date.parse(asOf)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(asOf)).toBeGreaterThan(before - 5_000);
    expect(message).toBeDefined();
    expect(await names()).toEqual(['a']);
    await eventually(() => suspected.includes('c1'));
    const listed = server.lists(CONFIG_MAPS_PATH).length;
    server.isDeaf = false;
    await eventually(async () => (await cache.kinds())[0].lists === 2);
    await eventually(() => cache.state(CONFIG_MAPS)?.state === 'live');
    await watchesOpened(2);
    expect(server.lists(CONFIG_MAPS_PATH)).toHaveLength(listed + 1);
  });

  it('is stale, and as old as it was, until it has been read again', async () => {
    let finish = () => {};
    await start(
      ({ isWatch, count }, response) => {
        if (isWatch) return undefined;
        if (count === 0) return listOf([configMap('a', 5)], 10);
        finish = () => response.end(listOf([configMap('b', 11)], 12));
        return undefined;
      },
      { outageMs: 0 },
    );
    await names();
    await watchesOpened(1);
    server.isDeaf = true;
    await eventually(() => cache.state(CONFIG_MAPS)?.state === 'stale');
    const { asOf } = cache.state(CONFIG_MAPS) ?? {};
    server.isDeaf = false;
    await eventually(() => server.lists(CONFIG_MAPS_PATH).length === 2);
    // Longer than the cluster is not asked how it is.
    await new Promise(resolve => setTimeout(resolve, 1_500));
    expect(cache.state(CONFIG_MAPS)).toMatchObject({ state: 'stale', asOf });
    finish();
    await eventually(() => cache.state(CONFIG_MAPS)?.state === 'live');
    expect(await names()).toEqual(['b']);
  });

  it('is noticed although its watch stays open', async () => {
    await quiet();
    const follower = follow();
    await watchesOpened(1);
    server.isDeaf = true;
    await eventually(() => follower.told.includes('STALE'));
    server.isDeaf = false;
    await eventually(() => follower.told.includes('LIVE'));
    expect(follower.told.slice(-2)).toEqual(['STALE', 'LIVE']);
    await follower.stop();
  });
});

describe('writes', () => {
  it('are seen at once, and late events do not undo them', async () => {
    await quiet();
    await names();
    await watchesOpened(1);
    cache.put(CONFIG_MAPS, configMap('a', 20, { labels: { new: 'yes' } }));
    cache.put(CONFIG_MAPS, configMap('b', 21));
    cache.put(CONFIG_MAPS, configMap('a', 3));
    expect(await names({ labelSelector: 'new' })).toEqual(['a']);
    expect(await names()).toEqual(['a', 'b']);
    cache.remove(named('b'), 'uid-b');
    const watch = server.watches.get(CONFIG_MAPS_PATH);
    watch?.write(line('MODIFIED', configMap('a', 19)));
    watch?.write(line('ADDED', configMap('b', 21)));
    watch?.write(line('ADDED', configMap('c', 22)));
    await eventually(async () => (await names()).includes('c'));
    expect(await names()).toEqual(['a', 'c']);
    expect(await names({ labelSelector: 'new' })).toEqual(['a']);
    // Another object of the same name is not the deleted one.
    watch?.write(line('ADDED', configMap('b', 23, { uid: 'another' })));
    await eventually(async () => (await names()).includes('b'));
  });

  it('that are answered late do not bring back what was deleted since', async () => {
    await start(({ isWatch, count }) => {
      if (isWatch)
        return count === 0 ? line('ERROR', statusBody(410)) : undefined;
      return count === 0
        ? listOf([configMap('gone', 1), configMap('a', 2)], 10)
        : listOf([configMap('a', 2)], 15);
    });
    await eventually(async () => (await names()).join() === 'a');
    cache.put(CONFIG_MAPS, configMap('gone', 12));
    expect(await names()).toEqual(['a']);
    cache.put(CONFIG_MAPS, configMap('new', 16));
    expect(await names()).toEqual(['a', 'new']);
  });

  it('that are answered with what is no object are left to the watch', async () => {
    await quiet([configMap('a', 1)]);
    await names();
    const odd = configMap('odd', 20);
    Object.assign(odd.metadata, { ownerReferences: {} });
    cache.put(CONFIG_MAPS, odd);
    expect(warned).toEqual(['What a change was answered with cannot be kept']);
    cache.put(CONFIG_MAPS, configMap('b', 21));
    expect(await names()).toEqual(['a', 'b']);
  });

  it('that happen while a list arrives are not lost with it', async () => {
    let finish = () => {};
    await start(({ isWatch, count }, response) => {
      if (isWatch)
        return count === 0 ? line('ERROR', statusBody(410)) : undefined;
      if (count === 0) return listOf([configMap('gone', 1)], 10);
      finish = () =>
        response.end(listOf([configMap('a', 11), configMap('gone', 1)], 15));
      return undefined;
    });
    await names();
    await eventually(() => server.lists(CONFIG_MAPS_PATH).length === 2);
    cache.put(CONFIG_MAPS, configMap('written', 16));
    cache.put(CONFIG_MAPS, configMap('deleted-since', 14));
    cache.remove(named('gone'), 'uid-gone');
    finish();
    await eventually(async () => (await names()).includes('a'));
    expect(await names()).toEqual(['a', 'written']);
  });
});

describe('changes', () => {
  it('begin with all, tell what enters and leaves the query, and never what may not be seen', async () => {
    await quiet([
      configMap('a', 1, { labels: { app: 'x' } }),
      configMap('secret', 2, { namespace: 'hidden', labels: { app: 'x' } }),
    ]);
    await names();
    await watchesOpened(1);
    const follower = follow({
      labelSelector: 'app=x',
      filter: filterOf('default'),
    });
    await eventually(() => follower.told.includes('SYNCED'));
    const watch = server.watches.get(CONFIG_MAPS_PATH);
    const labels = { app: 'x' };
    const send = (type: string, ...of: Parameters<typeof configMap>) =>
      watch?.write(line(type, configMap(...of)));
    send('MODIFIED', 'a', 11, { labels: { app: 'x', more: 'y' } });
    await eventually(() => follower.told.length >= 4);
    send('MODIFIED', 'secret', 12, { namespace: 'hidden', labels });
    send('MODIFIED', 'a', 13, { labels: {} });
    await eventually(() => follower.told.length >= 5);
    send('DELETED', 'secret', 14, { namespace: 'hidden', labels });
    send('MODIFIED', 'a', 15, { labels });
    await eventually(() => follower.told.length >= 6);
    send('DELETED', 'a', 16, { labels });
    await eventually(() => follower.told.length >= 7);
    expect(follower.told).toEqual([
      'RESET',
      'ADDED a@1',
      'SYNCED',
      'MODIFIED a@11',
      'DELETED a@11',
      'ADDED a@15',
      'DELETED a@15',
    ]);
    await follower.stop();
    expect((await cache.kinds())[0].subscribers).toBe(0);
  });

  it('begin again with a marked reset after a relist', async () => {
    await start(({ isWatch, count }) => {
      if (!isWatch) return listOf([configMap(`a${count}`, 5)], 10 + count);
      return undefined;
    });
    const follower = follow();
    await eventually(() => follower.told.includes('SYNCED'));
    await watchesOpened(1);
    server.watches.get(CONFIG_MAPS_PATH)?.write('garbage\n');
    await eventually(() => follower.told.includes('ADDED a1@5'));
    const after = follower.told.lastIndexOf('RESET');
    expect(follower.told.slice(after, after + 2)).toEqual([
      'RESET',
      'ADDED a1@5',
    ]);
    await follower.stop();
  });
});

describe('the registry', () => {
  it('that changes a cluster leaves nothing of the old one', async () => {
    await start(({ isWatch }) =>
      isWatch
        ? undefined
        : listOf([configMap(`of-generation-${server.generation}`, 5)], 10),
    );
    const follower = follow();
    await eventually(async () => (await names())[0] === 'of-generation-1');
    server.tell({ cluster: 'c1', action: 'upserted' });
    expect(await names()).toEqual(['of-generation-1']);
    server.generation = 2;
    server.tell({ cluster: 'c1', action: 'upserted' });
    await eventually(async () => (await names())[0] === 'of-generation-2');
    expect(await names()).toHaveLength(1);
    await eventually(() => follower.told.includes('ADDED of-generation-2@5'));
    expect(server.lists(CONFIG_MAPS_PATH)).toHaveLength(2);
    await follower.stop();
  });

  it('that removes a cluster ends its watches and forgets it', async () => {
    await quiet();
    const follower = follow();
    await eventually(() => follower.told.includes('SYNCED'));
    server.tell({ cluster: 'c1', action: 'removed' });
    await eventually(() => follower.error() !== undefined);
    expect(follower.error()).toMatchObject({ name: 'NotFoundError' });
    expect(await cache.kinds()).toEqual([]);
  });
});

describe('what nobody asks for', () => {
  it('is forgotten, but not while somebody watches or the cluster is away', async () => {
    await start(({ isWatch }) => (isWatch ? undefined : listOf([], 10)), {
      idleMs: 50,
      sweepIntervalMs: 20,
    });
    const follower = follow();
    await names();
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(await cache.kinds()).toHaveLength(1);
    server.isDeaf = true;
    await eventually(() => follower.told.includes('STALE'));
    await follower.stop();
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(await cache.kinds()).toHaveLength(1);
    server.isDeaf = false;
    await eventually(async () => (await cache.kinds()).length === 0);
  });

  it('is read and not forgotten as long as it is touched', async () => {
    await start(({ isWatch }) => (isWatch ? undefined : listOf([], 10)), {
      idleMs: 3_000,
      sweepIntervalMs: 20,
    });
    const touch = () => cache.touch(CONFIG_MAPS, { signal: signal() });
    await touch();
    await eventually(() => server.watched(CONFIG_MAPS_PATH).length === 1);
    const secrets = { ...CONFIG_MAPS, plural: 'secrets' };
    await cache.list(secrets, { signal: signal() });
    await eventually(async () => {
      await touch();
      return cache.state(secrets) === undefined;
    });
    expect(cache.state(CONFIG_MAPS)).toMatchObject({ state: 'live' });
    expect(server.lists(CONFIG_MAPS_PATH)).toHaveLength(1);
    await eventually(async () => (await cache.kinds()).length === 0);
  });
});
