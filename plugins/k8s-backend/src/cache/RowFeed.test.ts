import type { CacheState, RowChange } from '@backstage-k8s/plugin-k8s-node';
import { configMap } from './__testUtils__/objects';
import { RowFeed } from './RowFeed';
import { RowStore } from './RowStore';

function setUp() {
  const store = new RowStore({
    build: () => ({ health: { state: 'unknown' }, cells: [] }),
  });
  let state: CacheState = { state: 'live' };
  const feed = new RowFeed({
    cluster: 'c1',
    state: () => state,
    matches: ({ metadata }) => metadata.labels?.seen === 'yes',
  });
  const put = (name: string, version: number, seen = 'yes', uid?: string) => {
    const kept = store.put(configMap(name, version, { uid, labels: { seen } }));
    if (kept) feed.changed(kept.row, kept.before);
  };
  const remove = (name: string, uid?: string) => {
    const gone = store.remove(configMap(name, 1, { uid }));
    if (gone) feed.deleted(gone);
  };
  const become = (next: CacheState) => {
    state = next;
    feed.refresh();
  };
  return { feed, changes: feed.changes(), put, remove, become };
}

async function take(changes: AsyncGenerator<RowChange>, count: number) {
  const taken: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { value } = await changes.next();
    taken.push(
      'row' in value
        ? `${value.type} ${value.row.name}@${value.row.resourceVersion}`
        : value.type,
    );
  }
  return taken;
}

describe('RowFeed', () => {
  it('tells what changes after its first word, once per row', async () => {
    const { changes, put } = setUp();
    put('before', 1);
    expect(await take(changes, 1)).toEqual(['RESET']);
    put('a', 2);
    put('b', 3);
    put('a', 4);
    expect(await take(changes, 2)).toEqual(['UPSERTED a@4', 'UPSERTED b@3']);
  });

  it('tells a row that is not selected any more as gone, and not one that never was', async () => {
    const { changes, put, remove } = setUp();
    await take(changes, 1);
    put('hidden', 1, 'no');
    put('hidden', 2, 'no');
    put('a', 3);
    expect(await take(changes, 1)).toEqual(['UPSERTED a@3']);
    put('a', 4, 'no');
    expect(await take(changes, 1)).toEqual(['DELETED a@3']);
    put('b', 5);
    remove('hidden');
    remove('b');
    expect(await take(changes, 1)).toEqual(['DELETED b@5']);
  });

  it('tells each object of a name of its end, since a page may have shown either', async () => {
    const { changes, put, remove } = setUp();
    await take(changes, 1);
    put('a', 1, 'yes', 'first');
    await take(changes, 1);
    remove('a', 'first');
    put('a', 2, 'yes', 'second');
    remove('a', 'second');
    put('a', 3, 'yes', 'third');
    expect(await take(changes, 3)).toEqual([
      'DELETED a@1',
      'DELETED a@2',
      'UPSERTED a@3',
    ]);
  });

  it('tells that the connection is lost and back', async () => {
    const { changes, become } = setUp();
    await take(changes, 1);
    become({ state: 'stale', message: 'away' });
    expect(await take(changes, 1)).toEqual(['STALE']);
    become({ state: 'live' });
    expect(await take(changes, 1)).toEqual(['LIVE']);
  });

  it('lets a reader that is far behind read its page again', async () => {
    const { changes, put } = setUp();
    await take(changes, 1);
    for (let index = 0; index < 2_001; index += 1) put(`r-${index}`, index + 1);
    expect(await take(changes, 1)).toEqual(['RESET']);
    put('a', 9_999);
    expect(await take(changes, 1)).toEqual(['UPSERTED a@9999']);
  });

  it('ends with the error that it is closed with', async () => {
    const { feed, changes } = setUp();
    await take(changes, 1);
    feed.close(new Error('removed'));
    await expect(changes.next()).rejects.toThrow('removed');
  });
});
