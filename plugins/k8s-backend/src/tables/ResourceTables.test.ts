import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type {
  ColumnSource,
  KindDescription,
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  ReadOptions,
  TableQuery,
  TableResult,
} from '@backstage-k8s/plugin-k8s-node';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { ResourceTables } from './ResourceTables';
import type { TableOptions } from './ResourceTables';

type Page = Schema<'ResourceTableOfClusters'>;

const SIZE: ColumnSource = {
  ...{ id: 'size', title: 'Size', type: 'number', path: '.spec.size' },
};
const NOTE: ColumnSource = {
  ...{ id: 'note', title: 'Note', type: 'text', path: '.spec.note' },
};
const WIDGETS = { group: 'example.org', plural: 'widgets' };
const KIND: KindDescription = {
  ...WIDGETS,
  ...{ version: 'v1', versions: ['v1'], kind: 'Widget', namespaced: true },
  ...{ category: 'custom', custom: true, columns: [SIZE, NOTE] },
  ...{ verbs: ['list'], shortNames: [], actions: [] },
};
/** By name: us, eu, eu-2. */
const CLUSTERS = [
  { id: 'c3', name: 'us', labels: { region: 'us' } },
  { id: 'c1', name: 'eu', labels: { region: 'eu' } },
  { id: 'c2', name: 'eu-2', labels: { region: 'eu' } },
];

/** Resources of clusters that do as they are told: fail, never answer, or are old. */
class FaultyResources extends MemoryResources {
  readonly asked: TableQuery[] = [];
  readonly faults = new Map<string, Error | 'silent' | CacheState>();

  async table(query: TableQuery, options: ReadOptions): Promise<TableResult> {
    this.asked.push(query);
    const fault = this.faults.get(query.cluster);
    if (fault === 'silent') return new Promise(() => {});
    if (fault instanceof Error) throw fault;
    const table = await super.table(query, options);
    return fault ? { ...table, cache: fault } : table;
  }
}

function setUp(visible = CLUSTERS) {
  const resources = new FaultyResources();
  /** By cluster; absent: as everywhere. */
  const kinds = new Map<string, KindDescription | undefined>();
  const tables = new ResourceTables({
    resources,
    kinds: {
      list: async () => ({ kinds: [], cache: { state: 'live' } }),
      find: async cluster => {
        const kind = kinds.has(cluster) ? kinds.get(cluster) : KIND;
        if (!kind) throw new NotFoundError('no such kind');
        return kind;
      },
    },
    clusters: {
      list: async () => visible,
      get: async id => {
        const found = visible.find(cluster => cluster.id === id);
        if (!found) throw new NotFoundError('no such cluster');
        return found;
      },
    },
  });
  /** Puts a widget into a cluster. */
  const add = (
    cluster: string,
    name: string,
    more: { namespace?: string; size?: number; note?: string; app?: string },
  ): KubernetesObject => {
    const { namespace = 'shop', app = 'one', ...spec } = more;
    const widget: KubernetesObject = {
      ...{ apiVersion: 'example.org/v1', kind: 'Widget', spec },
      metadata: {
        ...{ name, namespace, labels: { app }, resourceVersion: '1' },
        uid: `${cluster}-${namespace}-${name}`,
      },
    };
    resources.set('widgets', widget, cluster);
    return widget;
  };
  const read = async (
    wanted: Partial<TableOptions> = {},
    selector?: string,
  ): Promise<Page> => {
    const answer = await tables.ofClusters({
      ...{ selector, type: WIDGETS, context: testContext() },
      wanted: { limit: 100, ...wanted },
    });
    return answer.parse() as Page;
  };
  const readOne = async (
    cluster: string,
    wanted: Partial<TableOptions> = {},
  ): Promise<Schema<'ResourceTable'>> => {
    const answer = await tables.ofCluster(cluster, {
      ...{ type: WIDGETS, context: testContext() },
      wanted: { limit: 100, ...wanted },
    });
    return answer.parse() as Schema<'ResourceTable'>;
  };
  return { resources, kinds, add, read, readOne };
}

/** Three clusters with widgets whose names and sizes are mixed. */
function setUpWidgets() {
  const all = setUp();
  const { add } = all;
  add('c1', 'b', { size: 10, note: 'of eu' });
  add('c1', 'd', { size: 30, namespace: 'bank' });
  add('c1', 'a', { size: 20, app: 'two' });
  add('c2', 'c', { size: 9 });
  add('c2', 'a', { size: 20, note: 'of eu-2' });
  add('c3', 'b', { size: 10 });
  add('c3', 'e', { size: 1, app: 'two' });
  return all;
}

const placesOf = ({ rows }: Pick<Page, 'rows'>) =>
  rows.map(({ cluster, namespace, name }) => `${cluster}/${namespace}/${name}`);

const BY_NAMESPACE = [
  ...['c1/bank/d', 'c1/shop/a', 'c2/shop/a', 'c1/shop/b', 'c3/shop/b'],
  ...['c2/shop/c', 'c3/shop/e'],
];
const BY_SIZE = [
  ...['c3/shop/e', 'c2/shop/c', 'c1/shop/b', 'c3/shop/b'],
  ...['c1/shop/a', 'c2/shop/a', 'c1/bank/d'],
];
const ORDERS: [string | undefined, string[]][] = [
  [undefined, BY_NAMESPACE],
  ['-namespace', [...BY_NAMESPACE].reverse()],
  ['size', BY_SIZE],
  ['-size', [...BY_SIZE].reverse()],
];

describe('a list of many clusters', () => {
  it.each(ORDERS)('is in one order, by %s', async (sort, expected) => {
    const page = await setUpWidgets().read({ sort });
    expect(placesOf(page)).toEqual(expected);
    expect(page.total).toBe(7);
    expect(page.continue).toBeUndefined();
    expect(page.columns).toEqual(
      [SIZE, NOTE].map(({ id, title, type }) => ({ id, title, type })),
    );
    const row = page.rows.find(({ name }) => name === 'c');
    expect(row?.cells).toEqual([9, null]);
  });

  it.each(ORDERS)(
    'has each row on one page, by %s, whatever the limit',
    async (sort, expected) => {
      const { read } = setUpWidgets();
      for (let limit = 1; limit <= 8; limit += 1) {
        const seen: string[] = [];
        let pages = 0;
        let place: string | undefined;
        do {
          const page = await read({ sort, limit, continue: place });
          expect(page.total).toBe(7);
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          seen.push(...placesOf(page));
          pages += 1;
          place = page.continue;
        } while (place !== undefined);
        expect(seen).toEqual(expected);
        expect(pages).toBe(Math.ceil(7 / limit));
      }
    },
  );

  it('neither repeats nor skips rows when others come and go between pages', async () => {
    const { resources, add, read } = setUpWidgets();
    const first = await read({ limit: 3 });
    add('c3', 'a', {});
    resources.unset('widgets', add('c2', 'a', {}), 'c2');
    add('c2', 'bb', {});
    const second = await read({ limit: 3, continue: first.continue });
    expect(placesOf(first)).toEqual(BY_NAMESPACE.slice(0, 3));
    expect(placesOf(second)).toEqual(['c3/shop/a', 'c1/shop/b', 'c3/shop/b']);
  });

  it('goes on where a cluster has come back', async () => {
    const { resources, read } = setUpWidgets();
    resources.faults.set('c2', new ServiceUnavailableError('away'));
    const first = await read({ limit: 3 });
    expect(placesOf(first)).toEqual(['c1/bank/d', 'c1/shop/a', 'c1/shop/b']);
    resources.faults.clear();
    const second = await read({ continue: first.continue });
    expect(placesOf(second)).toEqual(['c3/shop/b', 'c2/shop/c', 'c3/shop/e']);
  });

  it.each<[string, Partial<TableOptions>, string[]]>([
    ['a namespace', { namespace: 'bank' }, ['c1/bank/d']],
    ['a label', { labelSelector: 'app=two' }, ['c1/shop/a', 'c3/shop/e']],
    ['a field', { fieldSelector: 'size=20' }, ['c1/shop/a', 'c2/shop/a']],
    ['a text', { search: 'C' }, ['c2/shop/c']],
  ])('is of those that %s selects', async (_, wanted, expected) => {
    const page = await setUpWidgets().read(wanted);
    expect(placesOf(page)).toEqual(expected);
    expect(page.total).toBe(expected.length);
  });

  it.each([
    [undefined, ['eu', 'eu-2', 'us']],
    ['region=eu', ['eu', 'eu-2']],
    ['name in (us,eu)', ['eu', 'us']],
    ['id=c2', ['eu-2']],
    ['region=mars', []],
  ])('is of the clusters that %s selects', async (selector, expected) => {
    const { read, resources } = setUpWidgets();
    const { clusters, rows } = await read({}, selector);
    expect(clusters.map(({ name }) => name)).toEqual(expected);
    expect(resources.asked).toHaveLength(expected.length);
    expect(new Set(rows.map(({ cluster }) => cluster)).size).toBe(
      expected.length,
    );
  });

  it('is of no cluster that the caller may not see', async () => {
    const { read, resources } = setUp(CLUSTERS.slice(1));
    const { clusters } = await read();
    expect(clusters.map(({ id }) => id)).toEqual(['c1', 'c2']);
    expect(resources.asked.map(({ cluster }) => cluster)).toEqual(['c1', 'c2']);
    expect((await read({}, 'id=c3')).clusters).toEqual([]);
  });
});

describe('the clusters of a list', () => {
  it('are told with the age of what they said', async () => {
    const { resources, read } = setUpWidgets();
    const stale: CacheState = {
      ...{ state: 'stale', asOf: '2026-01-01T00:00:00Z', message: 'away' },
    };
    resources.faults.set('c2', stale);
    const { clusters, errors } = await read();
    expect(clusters).toEqual([
      { ...CLUSTERS[1], cache: { state: 'live' } },
      { ...CLUSTERS[2], cache: stale },
      { ...CLUSTERS[0], cache: { state: 'live' } },
    ]);
    expect(errors).toEqual([]);
  });

  it('hold up no other when they fail, and are told of by themselves', async () => {
    const { resources, read } = setUpWidgets();
    resources.faults.set('c1', new ServiceUnavailableError('It is\u202e away'));
    const page = await read();
    expect(new Set(page.rows.map(({ cluster }) => cluster))).toEqual(
      new Set(['c2', 'c3']),
    );
    expect(page.total).toBe(4);
    const [{ cluster, error }] = page.errors;
    expect(cluster).toEqual({ id: 'c1', name: 'eu' });
    expect(error).toMatch(/away/);
    expect(error).not.toContain('\u202e');
    expect(page.errors).toHaveLength(1);
    expect(page.clusters[0].cache).toEqual({
      ...{ state: 'syncing', message: error },
    });
  });

  it('are not waited for for long', async () => {
    jest.useFakeTimers();
    try {
      const { resources, read } = setUpWidgets();
      resources.faults.set('c3', 'silent');
      const reading = read();
      await jest.advanceTimersByTimeAsync(60_000);
      const { rows, errors } = await reading;
      expect(rows).toHaveLength(5);
      expect(errors).toEqual([
        {
          cluster: { id: 'c3', name: 'us' },
          error: 'It has not answered yet',
        },
      ]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('have nothing where they do not have the kind', async () => {
    const { kinds, read } = setUpWidgets();
    kinds.set('c1', undefined);
    const some = await read();
    expect(some.errors).toEqual([]);
    expect(some.total).toBe(4);
    expect(some.columns.map(({ id }) => id)).toEqual(['size', 'note']);
    expect(some.clusters[0]).toEqual({
      ...CLUSTERS[1],
      cache: { state: 'live' },
    });
    for (const { id } of CLUSTERS) kinds.set(id, undefined);
    expect(await read({ sort: 'size', columns: 'size' })).toMatchObject({
      ...{ columns: [], rows: [], total: 0, errors: [] },
    });
  });
});

describe('chosen columns', () => {
  it('are those whose cells are sent, in the order asked for', async () => {
    const { read, readOne } = setUpWidgets();
    const wanted = { columns: 'note', sort: '-size', limit: 2 };
    const many = await read(wanted);
    expect(many.columns).toEqual([{ id: 'note', title: 'Note', type: 'text' }]);
    expect(placesOf(many)).toEqual(['c1/bank/d', 'c2/shop/a']);
    expect(many.rows.map(({ cells }) => cells)).toEqual([[null], ['of eu-2']]);
    const one = await readOne('c1', { columns: 'note,size,note' });
    expect(one.columns.map(({ id }) => id)).toEqual(['note', 'size']);
    expect(one.rows.map(({ cells }) => cells)).toEqual([
      ...[
        [null, 30],
        [null, 20],
        ['of eu', 10],
      ],
    ]);
  });

  it('may be others on the next page', async () => {
    const { readOne } = setUpWidgets();
    const first = await readOne('c1', { columns: 'note', limit: 1 });
    const second = await readOne('c1', {
      ...{ columns: 'size', continue: first.continue },
    });
    expect(placesOf(second)).toEqual(['c1/shop/a', 'c1/shop/b']);
    expect(second.rows.map(({ cells }) => cells)).toEqual([[20], [10]]);
  });

  it('are refused with those that there are, where no cluster has them', async () => {
    const { kinds, resources, read, readOne } = setUpWidgets();
    const unknown = { columns: 'size,nothing' };
    const refusal = 'There is no column nothing; there are: size, note';
    kinds.set('c2', undefined);
    await expect(readOne('c1', unknown)).rejects.toThrow(
      new InputError(refusal),
    );
    await expect(read(unknown)).rejects.toThrow(new InputError(refusal));
    expect(resources.asked).toEqual([]);
  });

  it('are missing on a cluster whose kind does not have them', async () => {
    const { kinds, read } = setUpWidgets();
    kinds.set('c1', { ...KIND, columns: [NOTE] });
    const page = await read({ columns: 'size' });
    expect(page.columns.map(({ id }) => id)).toEqual(['size']);
    expect(page.total).toBe(4);
    expect(page.errors).toEqual([
      {
        cluster: { id: 'c1', name: 'eu' },
        error: 'There is no column size; there are: note',
      },
    ]);
  });
});

describe('what cannot be read', () => {
  it.each<[string, Partial<TableOptions>]>([
    ['sort', { sort: 'nothing' }],
    ['label selector', { labelSelector: 'app in (' }],
    ['field selector', { fieldSelector: 'nothing=1' }],
  ])(
    'of a request (%s) by any cluster is the caller’s mistake, not a cluster’s',
    async (_, wanted) => {
      const { read } = setUpWidgets();
      await expect(read(wanted)).rejects.toThrow(InputError);
    },
  );

  it('by those that answer may be by one that does not', async () => {
    const { read, resources } = setUpWidgets();
    resources.faults.set('c3', new ServiceUnavailableError('away'));
    const { rows, errors } = await read({ sort: 'nothing' });
    expect(rows).toEqual([]);
    expect(errors.map(({ cluster }) => cluster.id).sort()).toEqual(
      CLUSTERS.map(({ id }) => id).sort(),
    );
  });

  it('of a selector of clusters is refused', async () => {
    await expect(setUp().read({}, 'region in (')).rejects.toThrow(InputError);
  });

  it('of a place is refused before any cluster is asked', async () => {
    const { read, resources } = setUpWidgets();
    const { continue: place } = await read({ limit: 1 });
    const before = resources.asked.length;
    for (const [wanted, selector] of [
      [{ continue: 'nonsense' }, undefined],
      [{ continue: place }, 'region=eu'],
      [{ continue: place, sort: 'name' }, undefined],
      [{ continue: place, namespace: 'shop' }, undefined],
      [{ continue: place, labelSelector: 'app=one' }, undefined],
      [{ continue: place, fieldSelector: 'size=1' }, undefined],
      [{ continue: place, search: 'a' }, undefined],
    ] as const) {
      await expect(read(wanted, selector)).rejects.toThrow(InputError);
    }
    expect(resources.asked).toHaveLength(before);
  });
});
