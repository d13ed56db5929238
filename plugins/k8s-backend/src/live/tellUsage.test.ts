import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { TopicEvent } from '../streams/TopicSource';
import { testContext } from '../workloads/__fixtures__/MemoryResources';
import type { UsageByNode } from '../views/NodeUsage';
import type { ViewChanges } from './followView';
import { tellUsage } from './tellUsage';

const CLUSTER = 'c1';
const NOTHING: UsageByNode = new Map();

/** What each of these nodes uses, in cores. */
const using = (cores: Record<string, number>): UsageByNode =>
  new Map(
    Object.entries(cores).map(([name, cpu]) => [name, { cpu, memory: 1 }]),
  );

const rowsOf = (...names: string[]): ViewChanges => ({
  type: 'changes',
  rows: names.map(name => ({ key: name, json: JSON.stringify({ name }) })),
  deleted: [],
  cluster: CLUSTER,
  cache: { state: 'live' },
});

/** @param looks - what is answered to each look, the last one to all that follow */
function setUp(looks: UsageByNode[], changes: ViewChanges[]) {
  const end = new AbortController();
  const waiting: (() => void)[] = [];
  const asked: boolean[] = [];
  let following = true;
  async function* follow(signal: AbortSignal): AsyncIterable<ViewChanges> {
    try {
      while (!signal.aborted) {
        yield* changes.splice(0);
        await new Promise<void>(resolve => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    } finally {
      following = false;
    }
  }
  const told = tellUsage(follow, {
    cluster: CLUSTER,
    usage: {
      of: async (_cluster, _context, { waitMs } = {}) => {
        asked.push(waitMs !== undefined);
        return (looks.length > 1 ? looks.shift() : looks[0]) ?? NOTHING;
      },
    },
    context: testContext({ signal: end.signal }),
    lookMs: 5,
  })[Symbol.asyncIterator]();
  return {
    asked,
    end,
    told,
    isFollowing: () => following,
    change: (change: ViewChanges) => {
      changes.push(change);
      waiting.splice(0).forEach(wake => wake());
    },
    next: async () => usedIn((await told.next()).value),
  };
}

function usedIn(event: TopicEvent | undefined) {
  if (event?.type !== 'changes') return undefined;
  const rows = (event.rows ?? []).map(
    ({ json }): Schema<'Node'> => JSON.parse(json),
  );
  return Object.fromEntries(rows.map(({ name, used }) => [name, used?.cpu]));
}

describe('tellUsage', () => {
  it('tells again the nodes that use something else, though nothing else changes', async () => {
    const { next, end } = setUp(
      [using({ a: 1, b: 1 }), using({ a: 1, b: 1 }), using({ a: 2, b: 1 })],
      [rowsOf('a', 'b')],
    );
    expect(await next()).toEqual({ a: 1, b: 1 });
    expect(await next()).toEqual({ a: 2 });
    const last = next();
    end.abort();
    expect(await last).toBeUndefined();
  });

  it('tells what is answered late, and takes it back when it is gone', async () => {
    const { next, asked, end } = setUp(
      [NOTHING, using({ a: 3 }), NOTHING],
      [rowsOf('a')],
    );
    expect(await next()).toEqual({ a: undefined });
    expect(await next()).toEqual({ a: 3 });
    expect(await next()).toEqual({ a: undefined });
    // Only the rows themselves do not wait for it.
    expect(asked).toEqual([false, true, true]);
    end.abort();
  });

  it('tells changed rows with the use that is known, and none that are gone', async () => {
    const { next, change, told, end } = setUp(
      [using({ a: 1, b: 1 }), using({ a: 2, b: 2 })],
      [rowsOf('a', 'b'), { ...rowsOf('b'), deleted: ['a'] }],
    );
    expect(await next()).toEqual({ a: 1, b: 1 });
    expect(await next()).toEqual({ b: 1 });
    expect(await next()).toEqual({ b: 2 });
    change(rowsOf('b', 'c'));
    expect(await next()).toEqual({ b: 2, c: undefined });
    await told.return?.();
    end.abort();
  });

  it('ends what it follows when its reader leaves', async () => {
    const { next, told, isFollowing } = setUp([NOTHING], [rowsOf('a')]);
    await next();
    expect(isFollowing()).toBe(true);
    await told.return?.();
    expect(isFollowing()).toBe(false);
  });
});
