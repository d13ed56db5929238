import type { ViewChange, ViewQuery } from '@backstage-k8s/plugin-k8s-node';
import { Bell } from '../live/Bell';
import { SharedViews } from './SharedViews';
import type { ViewUpdate } from './views/readView';

const LIVE = { state: 'live' } as const;
const QUERY: ViewQuery = { cluster: 'c', view: 'deployments', parts: {} };
const settle = () => new Promise(resolve => setTimeout(resolve, 5));

/** A cache of which a test says what its views tell. */
function setUp(options: { lingerMs?: number } = {}) {
  const opened: { query: ViewQuery; signal: AbortSignal }[] = [];
  const waiting: ViewUpdate[] = [];
  const bell = new Bell();
  let failure: Error | undefined;
  async function* watchView(
    query: ViewQuery,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<ViewUpdate> {
    opened.push({ query, signal });
    signal.addEventListener('abort', () => bell.ring());
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next) yield next;
      else await bell.heard();
      if (failure) throw failure;
    }
  }
  const views = new SharedViews({ cache: { watchView }, ...options });
  const update = (rows: Record<string, string>, more?: Partial<ViewUpdate>) => {
    waiting.push({
      isSynced: true,
      upserted: Object.entries(rows).map(([key, json]) => ({ key, json })),
      deleted: [],
      cache: LIVE,
      ...more,
    });
    bell.ring();
  };
  const fail = (error: Error | undefined) => {
    failure = error;
    bell.ring();
  };
  return { views, opened, update, fail };
}

/** Follows a view, and keeps what it was told. */
function follow(views: SharedViews, query = QUERY) {
  const end = new AbortController();
  const changes: ViewChange[] = [];
  const run = async () => {
    for await (const change of views.watch(query, { signal: end.signal })) {
      changes.push(change);
    }
  };
  return { end, changes, done: run() };
}

describe('SharedViews', () => {
  it('makes a view once for all with the same rights, and tells each of them', async () => {
    const { views, opened, update } = setUp();
    const first = follow(views);
    await settle();
    update({ a: '1' });
    await settle();
    const second = follow(views);
    const { signal } = new AbortController();
    const read = await views.read(QUERY, { signal });
    await settle();
    update({ b: '2' }, { deleted: ['a'] });
    await settle();

    expect(opened).toHaveLength(1);
    expect(read).toEqual({ rows: [{ key: 'a', json: '1' }], cache: LIVE });
    const a = { upserted: [{ key: 'a', json: '1' }], deleted: [], cache: LIVE };
    const b = { upserted: [{ key: 'b', json: '2' }], deleted: ['a'] };
    const told = [
      { type: 'RESET' },
      { type: 'CHANGES', ...a },
      { type: 'CHANGES', ...b, cache: LIVE },
    ];
    expect(first.changes).toEqual(told);
    expect(second.changes).toEqual(told);
    first.end.abort();
    second.end.abort();
    await Promise.all([first.done, second.done]);
  });

  it('never shows one reader what another may see', async () => {
    const { views, opened } = setUp();
    const filterOf = (namespace: string) => ({
      cluster: { id: 'c', name: 'c', labels: {} },
      criteria: {
        rule: 'IS_NAMESPACE',
        resourceType: 'k8s-resource',
        params: { namespaces: [namespace] },
      },
    });
    const queryOf = (namespace: string): ViewQuery => ({
      ...QUERY,
      parts: {
        pods: {
          ...{ cluster: 'c', group: '', version: 'v1', plural: 'pods' },
          filter: filterOf(namespace) as never,
        },
      },
    });
    const one = follow(views, queryOf('a'));
    const other = follow(views, queryOf('b'));
    await settle();
    expect(opened.map(({ query }) => query)).toEqual([
      queryOf('a'),
      queryOf('b'),
    ]);
    one.end.abort();
    other.end.abort();
  });

  it('keeps a view a little longer than its last reader, and then ends it', async () => {
    const { views, opened, update } = setUp({ lingerMs: 20 });
    const reader = follow(views);
    await settle();
    update({ a: '1' });
    reader.end.abort();
    await reader.done;
    const again = await views.read(QUERY, new AbortController());
    expect(again.rows).toHaveLength(1);
    expect(opened).toHaveLength(1);
    while (views.size > 0) await settle();
    expect(opened[0].signal.aborted).toBe(true);
  });

  it('keeps no more of those that nobody reads than 200', async () => {
    const { views, opened } = setUp();
    for (let index = 0; index < 250; index += 1) {
      const reader = follow(views, { ...QUERY, cluster: `c${index}` });
      reader.end.abort();
      await reader.done;
    }
    expect(views.size).toBe(200);
    expect(opened[0].signal.aborted).toBe(true);
    expect(opened[249].signal.aborted).toBe(false);
  });

  it('tells readers why a view ended, and begins again for the next', async () => {
    const { views, opened, fail } = setUp();
    const reader = follow(views);
    const read = views.read(QUERY, new AbortController());
    read.catch(() => undefined);
    await settle();
    fail(new Error('the cluster is gone'));
    await expect(reader.done).rejects.toThrow('the cluster is gone');
    await expect(read).rejects.toThrow('the cluster is gone');
    fail(undefined);
    const { signal } = new AbortController();
    void views.read(QUERY, { signal }).catch(() => undefined);
    await settle();
    expect(opened).toHaveLength(2);
  });

  it('says why nothing is known, and waits for what was written', async () => {
    const { views, update } = setUp();
    const { signal } = new AbortController();
    const read = views.read(QUERY, { signal });
    await settle();
    update({}, { isSynced: false, cache: { state: 'syncing', message: 'no' } });
    await expect(read).rejects.toThrow('no');
    update({ a: '1' });
    await settle();
    views.written('c');
    const after = views.read(QUERY, { signal });
    await settle();
    // What was gathered before the write.
    update({ b: '1' });
    await new Promise(resolve => setTimeout(resolve, 150));
    update({ a: '2' }, { deleted: ['b'] });
    expect((await after).rows).toEqual([{ key: 'a', json: '2' }]);
    views.written('another');
    expect((await views.read(QUERY, { signal })).rows).toHaveLength(1);
  });

  it('tells nothing of before when all had to be read anew, and all of it then', async () => {
    const { views, update } = setUp();
    const early = follow(views);
    await settle();
    update({ a: 'old', b: 'old' });
    await settle();
    const syncing = { state: 'syncing' } as const;
    update({}, { isSynced: false, cache: syncing });
    await settle();
    const late = follow(views);
    await settle();
    update({ b: 'new' });
    await settle();
    const b = {
      ...{ type: 'CHANGES', upserted: [{ key: 'b', json: 'new' }] },
      ...{ deleted: [], cache: LIVE },
    };
    expect(early.changes.slice(-2)).toEqual([{ type: 'RESET' }, b]);
    expect(late.changes.slice(-2)).toEqual([{ type: 'RESET' }, b]);
    early.end.abort();
    late.end.abort();
  });

  it('merges what a slow reader has not taken', async () => {
    const { views, update } = setUp();
    const end = new AbortController();
    const iterator = views.watch(QUERY, end)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual({ type: 'RESET' });
    const next = iterator.next();
    await settle();
    update({ a: '1' });
    await next;
    for (const json of ['2', '3', '4']) {
      update({ a: json, [`x${json}`]: json });
      await settle();
    }
    update({}, { deleted: ['x2'] });
    await settle();
    const { value } = await iterator.next();
    expect(value.upserted).toEqual([
      { key: 'a', json: '4' },
      { key: 'x3', json: '3' },
      { key: 'x4', json: '4' },
    ]);
    expect(value.deleted).toEqual(['x2']);
    end.abort();
  });
});
