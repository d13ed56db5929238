import type { ResourceChange } from '@backstage-k8s/plugin-k8s-node';
import { ChangeFeed } from './ChangeFeed';
import { RowStore } from './RowStore';
import { configMap } from './__testUtils__/objects';

function setUp(maxWaiting?: number) {
  const store = new RowStore({
    build: () => ({ health: { state: 'unknown' }, cells: [] }),
  });
  const feed = new ChangeFeed({
    source: {
      state: () => ({ state: 'live' }),
      snapshot: () => store.select({}),
      objectOf: row => store.objectOf(row),
    },
    matches: () => true,
    maxWaiting,
  });
  const put = (...of: Parameters<typeof configMap>) => {
    const kept = store.put(configMap(...of));
    if (kept) feed.changed(kept.row);
  };
  const remove = (...of: Parameters<typeof configMap>) => {
    const gone = store.remove(configMap(...of));
    if (gone) feed.deleted(gone);
  };
  return { feed, put, remove };
}

async function take(changes: AsyncGenerator<ResourceChange>, count: number) {
  const taken: string[] = [];
  while (taken.length < count) {
    const { value, done } = await changes.next();
    if (done) break;
    taken.push(
      'object' in value
        ? `${value.type} ${value.object.metadata.name}@${value.object.metadata.resourceVersion}`
        : value.type,
    );
  }
  return taken;
}

describe('a reader that is slow', () => {
  it('is told the last of many changes of an object', async () => {
    const { feed, put, remove } = setUp();
    const changes = feed.changes();
    expect(await take(changes, 2)).toEqual(['RESET', 'SYNCED']);
    for (let version = 1; version <= 1000; version += 1) put('a', version);
    put('b', 1001);
    remove('b', 1002);
    put('c', 1003);
    expect(await take(changes, 2)).toEqual(['ADDED a@1000', 'ADDED c@1003']);
  });

  it('is told that an object was replaced by another of its name', async () => {
    const { feed, put, remove } = setUp();
    const changes = feed.changes();
    put('a', 1);
    expect(await take(changes, 3)).toEqual(['RESET', 'ADDED a@1', 'SYNCED']);
    remove('a', 2);
    put('a', 3, { uid: 'another' });
    expect(await take(changes, 2)).toEqual(['DELETED a@1', 'ADDED a@3']);
  });

  it('is told to forget everything when too many objects wait', async () => {
    const { feed, put } = setUp(10);
    const changes = feed.changes();
    await take(changes, 2);
    for (let index = 1; index <= 11; index += 1) put(`n${index}`, index);
    put('n1', 50);
    const told = await take(changes, 13);
    expect(told[0]).toBe('RESET');
    expect(told[12]).toBe('SYNCED');
    expect(told).toContain('ADDED n1@50');
    expect(new Set(told).size).toBe(13);
  });

  it('gets no more once the feed is closed, not even what waits', async () => {
    const { feed, put } = setUp();
    const changes = feed.changes();
    await take(changes, 2);
    put('a', 1);
    feed.close(new Error('removed'));
    await expect(take(changes, 1)).rejects.toThrow('removed');
  });
});
