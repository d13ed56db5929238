import type { TableQuery } from '@backstage-k8s/plugin-k8s-node';
import { createRowBuilder } from '../rows/createRowBuilder';
import { PageMemory } from './PageMemory';
import { RowStore } from './RowStore';
import { selectRows } from './selectRows';

const KIND = { cluster: 'c', group: '', version: 'v1', plural: 'configmaps' };
const QUERY: TableQuery = { ...KIND, columns: [], limit: 10 };
const object = (name: string, version: number, size = 0) => ({
  metadata: {
    ...{ name, namespace: 'n', uid: name, resourceVersion: `${version}` },
    labels: { text: 'x'.repeat(size) },
  },
});

let store: RowStore;
let memory: PageMemory;
let made: number;

beforeEach(() => {
  store = new RowStore({ build: createRowBuilder(KIND, []) });
  store.put(object('a', 1));
  memory = new PageMemory();
  made = 0;
});

const ask = (more: Partial<TableQuery> = {}) => {
  const query = { ...QUERY, ...more };
  const page = memory.page(store, query, () => {
    made += 1;
    return selectRows(store.select(query), query);
  });
  return Buffer.from(page.rows.bytes).toString();
};

it('makes a page once while nothing changes, and gives its bytes away each time', () => {
  const first = memory.page(store, QUERY, () =>
    selectRows(store.select(QUERY), QUERY),
  );
  structuredClone(first.rows.bytes, { transfer: [first.rows.bytes.buffer] });
  expect(first.rows.bytes.byteLength).toBe(0);
  expect(ask()).toContain('"name":"a"');
  expect(made).toBe(0);
});

it('knows no page that may differ', () => {
  ask();
  ask({ search: 'b' });
  expect(made).toBe(2);
  store.put(object('b', 2));
  expect(ask({ search: 'b' })).toContain('"name":"b"');
  store.remove(object('b', 2));
  expect(ask({ search: 'b' })).toBe('');
  store.put(object('c', 3));
  store.put(object('d', 4));
  ask();
  store.evict(1);
  expect(ask()).not.toContain('"name":"a"');
  const other = new RowStore({ build: createRowBuilder(KIND, []) });
  store = other;
  expect(ask()).toBe('');
});

it('keeps few pages, and none that is large', () => {
  for (let limit = 1; limit <= 9; limit += 1) ask({ limit });
  expect(made).toBe(9);
  ask({ limit: 9 });
  expect(made).toBe(9);
  ask({ limit: 1 });
  expect(made).toBe(10);
  store.put(object('large', 5, 70_000));
  ask();
  ask();
  expect(made).toBe(12);
});
