import { columnsOf } from '@backstage-k8s/plugin-k8s-common';
import { unpackRows } from '@backstage-k8s/plugin-k8s-node';
import {
  CONFIG_MAPS,
  configMap,
  contextOf,
} from '../cache/__testUtils__/objects';
import { CannedApiServer } from '../cache/__testUtils__/CannedApiServer';
import { InProcessResourceCache } from '../cache/InProcessResourceCache';
import type { ResourceCache } from '../cache/ResourceCache';
import { MemoryResources } from '../workloads/__fixtures__/MemoryResources';
import {
  NODE_METRICS_LIST,
  NODE_METRICS_OF_C1,
} from '../workloads/__fixtures__/nodeMetrics';
import { CachedResourceClient } from './CachedResourceClient';
import type { UncachedResourceClient } from './CachedResourceClient';
import { LiveResourceClient } from './LiveResourceClient';

/** A cache that keeps nothing of any kind, over an API server. */
function setUp() {
  const live = new MemoryResources();
  live.set('configmaps', configMap('a', 1));
  const table = jest.spyOn(live, 'table');
  const client = new CachedResourceClient({
    cache: {
      list: async () => undefined,
      table: async () => undefined,
    } as Partial<ResourceCache> as ResourceCache,
    live: live as Partial<UncachedResourceClient> as UncachedResourceClient,
  });
  return { client, table };
}

const query = { ...CONFIG_MAPS, columns: columnsOf(CONFIG_MAPS) ?? [] };

describe('CachedResourceClient, of a kind that is not kept', () => {
  it('reads rows from the API server, and says that they do not change by themselves', async () => {
    const { client } = setUp();
    const page = await client.table(
      { ...query, limit: 5 },
      { context: contextOf() },
    );
    expect(page).toMatchObject({
      total: 1,
      cache: {
        state: 'stale',
        message: expect.stringContaining('k8s.cache.memory'),
      },
    });
  });

  it('does not read all of it only to count', async () => {
    const { client, table } = setUp();
    await expect(
      client.table({ ...query, limit: 0 }, { context: contextOf() }),
    ).rejects.toMatchObject({ name: 'ServiceUnavailableError' });
    expect(table).not.toHaveBeenCalled();
  });
});

describe('CachedResourceClient, of a kind without a watch', () => {
  let server: CannedApiServer;
  let cache: InProcessResourceCache;
  let client: CachedResourceClient;
  const usage = {
    ...NODE_METRICS_OF_C1,
    columns: columnsOf(NODE_METRICS_OF_C1) ?? [],
  };
  const said = {
    state: 'stale',
    message: expect.stringContaining('nodes.metrics.k8s.io'),
  };

  beforeEach(async () => {
    const [item] = NODE_METRICS_LIST.items;
    server = new CannedApiServer(({ path }, response) => {
      const isList = path.endsWith('/nodes');
      response.end(JSON.stringify(isList ? NODE_METRICS_LIST : item));
    });
    await server.start();
    const { connections } = server;
    cache = new InProcessResourceCache({ connections });
    client = new CachedResourceClient({
      cache,
      live: new LiveResourceClient({ connections }),
      hasWatch: ({ group }) => group !== 'metrics.k8s.io',
    });
  });

  afterEach(async () => {
    cache.stop();
    await server.stop();
  });

  it('has a table, which says that it stands still', async () => {
    const page = await client.table(
      { ...usage, limit: 5 },
      { context: contextOf(), minimumVersion: '7' },
    );
    expect(page.cache).toMatchObject(said);
    expect(await cache.kinds()).toEqual([]);
    expect(unpackRows(page.rows)).toMatchObject([
      { name: 'n', resourceVersion: '', cells: ['100m', '1Gi'] },
    ]);
  });

  it('is read as objects, too', async () => {
    const options = { context: contextOf() };
    const list = await client.list(NODE_METRICS_OF_C1, options);
    expect(list.items).toHaveLength(1);
    const name = { ...NODE_METRICS_OF_C1, name: 'n' };
    const { object } = await client.get(name, options);
    expect(object.metadata.name).toBe('n');
    expect(await cache.kinds()).toEqual([]);
  });

  it('tells who follows its rows that they stand still, once', async () => {
    const abort = new AbortController();
    const context = contextOf({ signal: abort.signal });
    const changes = client.watchRows(usage, { context });
    expect((await changes.next()).value).toEqual({
      type: 'RESET',
      cache: expect.objectContaining(said),
    });
    const next = changes.next();
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(server.requests).toEqual([]);
  });

  it('is not read to count or search it, and its objects cannot be followed', async () => {
    const options = { context: contextOf() };
    const find = { text: 'n', by: [] };
    for (const wanted of [
      { ...usage, limit: 0 },
      { ...usage, find, limit: 5 },
    ]) {
      await expect(client.table(wanted, options)).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
    }
    expect(() => client.watch(NODE_METRICS_OF_C1, options)).toThrow(
      'nodes.metrics.k8s.io',
    );
    expect(server.requests).toEqual([]);
  });
});
