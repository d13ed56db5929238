import { InputError } from '@backstage/errors';
import type { ColumnSource } from '@backstage-k8s/plugin-k8s-common';
import { sortKeysOf, unpackRows } from '@backstage-k8s/plugin-k8s-node';
import type { SortKey, TableQuery } from '@backstage-k8s/plugin-k8s-node';
import type { RowContent } from '../rows/createRowBuilder';
import { configMap } from './__testUtils__/objects';
import { RowStore } from './RowStore';
import { selectRows, toResourceRow } from './selectRows';
import { smallest } from './smallest';

const COLUMNS: ColumnSource[] = [
  { id: 'size', title: 'Size', type: 'number' },
  { id: 'memory', title: 'Memory', type: 'quantity' },
  { id: 'note', title: 'Note', type: 'text', path: '.spec.note' },
];

const contents = new Map<string, RowContent>();
const store = new RowStore({
  build: ({ metadata }) =>
    contents.get(metadata.name ?? '') ?? {
      health: { state: 'unknown' },
      cells: [null, null, null],
    },
});

function add(
  name: string,
  cells: RowContent['cells'],
  more: {
    namespace?: string;
    state?: RowContent['health']['state'];
    search?: string;
    labels?: Record<string, string>;
  } = {},
) {
  const { namespace, state = 'healthy', search, labels } = more;
  contents.set(name, { health: { state }, cells, search });
  store.put(configMap(name, 1, { namespace, labels }));
}

add('b', [10, '1Gi', 'x'], { labels: { app: 'one' } });
add('a', [9, '900Mi', 'y'], { state: 'degraded', search: 'nginx:1.27' });
add('c', [null, null, null], { namespace: 'alpha', state: 'progressing' });
add('d', [100, '2G', 'x,=']);

const NOTHING_SEEN: TableQuery['filter'] = {
  cluster: { id: 'c1', name: 'one', labels: {} },
  criteria: 'none',
};

const query = (more: Partial<TableQuery> = {}): TableQuery => ({
  cluster: 'c1',
  group: '',
  version: 'v1',
  plural: 'configmaps',
  columns: COLUMNS,
  limit: 100,
  ...more,
});

const select = (more: Partial<TableQuery> = {}) =>
  selectRows(store.select({}), query(more));
const names = (more: Partial<TableQuery> = {}) =>
  unpackRows(select(more).rows).map(({ name }) => name);

describe('selectRows', () => {
  it('has the cells of those columns that are wanted, whatever it sorts and selects by', () => {
    const rows = unpackRows(
      select({
        ...{ cells: ['note', 'size'], sort: 'memory' },
        fieldSelector: 'memory!=1Gi',
      }).rows,
    );
    expect(rows.map(({ name, cells }) => [name, ...cells])).toEqual([
      ...[
        ['c', null, null],
        ['a', 'y', 9],
        ['d', 'x,=', 100],
      ],
    ]);
    expect(unpackRows(select({ cells: [] }).rows)[0].cells).toEqual([]);
  });

  it.each([
    [undefined, ['c', 'a', 'b', 'd']],
    ['name', ['a', 'b', 'c', 'd']],
    ['-name', ['d', 'c', 'b', 'a']],
    ['size', ['c', 'a', 'b', 'd']],
    ['-size', ['d', 'b', 'a', 'c']],
    ['memory', ['c', 'a', 'b', 'd']],
    ['health', ['a', 'c', 'b', 'd']],
  ])('sorts by %s', (sort, expected) => {
    expect(names({ sort })).toEqual(expected);
  });

  it.each<[string, Partial<TableQuery>, string[]]>([
    ['a name', { search: 'A' }, ['a']],
    ['an image', { search: 'NGINX' }, ['a']],
    ['a label', { labelSelector: 'app=one' }, ['b']],
    ['a field', { fieldSelector: 'metadata.namespace=alpha' }, ['c']],
    ['a column', { fieldSelector: 'size!=10,note=x\\,\\=' }, ['d']],
    ['the field of a column', { fieldSelector: 'spec.note=y' }, ['a']],
    ['nothing that may be seen', { filter: NOTHING_SEEN }, []],
  ])('finds by %s', (_, more, expected) => {
    const result = select(more);
    expect(names(more)).toEqual(expected);
    expect(result.total).toBe(expected.length);
  });

  it('counts all and by health, also without rows', () => {
    expect(select({ limit: 0 })).toMatchObject({
      total: 4,
      health: { healthy: 2, degraded: 1, progressing: 1 },
      hasMore: false,
    });
  });

  it.each(['size', '-size', 'namespace', '-name', 'memory'])(
    'pages through all rows once, by %s',
    sort => {
      const seen: string[] = [];
      let after: SortKey | undefined;
      for (;;) {
        const page = select({ sort, limit: 1, after });
        seen.push(...unpackRows(page.rows).map(({ name }) => name));
        expect(page.total).toBe(4);
        if (!page.hasMore) break;
        [after] = sortKeysOf(page.rows);
      }
      expect(seen).toEqual(names({ sort }));
    },
  );

  it.each<[string, Partial<TableQuery>]>([
    ['no such column', { sort: 'constructor' }],
    ['no such field', { fieldSelector: 'spec.secret=1' }],
    ['no field selector', { fieldSelector: 'what' }],
    ['no label selector', { labelSelector: 'a in' }],
    ['a place of another list', { after: ['x'] }],
    ['a place of another type', { sort: 'size', after: ['x', '', '', ''] }],
  ])('refuses %s', (_, more) => {
    expect(() => select(more)).toThrow(InputError);
  });
});

describe('smallest', () => {
  it('is the beginning of the sorted list', () => {
    const compare = (one: number, other: number) => one - other;
    for (let length = 0; length < 60; length += 1) {
      const items = Array.from(
        { length },
        (_, index) => (index * 7919 + length) % 31,
      );
      for (const count of [0, 1, 2, 5, 40, 100]) {
        expect(smallest(items, { count, compare })).toEqual(
          [...items].sort(compare).slice(0, count),
        );
      }
    }
  });
});

describe('a row as it is told', () => {
  it('has no age where the API server does not say when its object was created', () => {
    const metadata = { name: 'made-up', uid: '', resourceVersion: '' };
    const content: RowContent = { health: { state: 'unknown' }, cells: [] };
    expect(toResourceRow({ metadata, content }, 'c1')).not.toHaveProperty(
      'createdAt',
    );
    const creationTimestamp = '2026-01-01T00:00:00Z';
    expect(
      toResourceRow(
        { metadata: { ...metadata, creationTimestamp }, content },
        'c1',
      ),
    ).toMatchObject({ createdAt: creationTimestamp });
  });
});
