import { columnsOf } from '@backstage-k8s/plugin-k8s-common';
import {
  CONFIG_MAPS,
  configMap,
  contextOf,
} from '../cache/__testUtils__/objects';
import type { ResourceCache } from '../cache/ResourceCache';
import { MemoryResources } from '../workloads/__fixtures__/MemoryResources';
import { CachedResourceClient } from './CachedResourceClient';
import type { UncachedResourceClient } from './CachedResourceClient';

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
