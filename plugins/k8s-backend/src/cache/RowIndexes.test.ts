import type { ColumnSource } from '@backstage-k8s/plugin-k8s-common';
import { unpackRows } from '@backstage-k8s/plugin-k8s-node';
import type { TableQuery } from '@backstage-k8s/plugin-k8s-node';
import { matcherOf } from '../resources/matcherOf';
import { CONFIG_MAPS, configMap } from './__testUtils__/objects';
import type { RowSelection } from './RowIndexes';
import { RowStore } from './RowStore';
import { selectRows } from './selectRows';

const COLUMNS: ColumnSource[] = [
  { id: 'size', title: 'Size', type: 'number' },
  { id: 'node', title: 'Node', type: 'text', path: '.spec.nodeName' },
];
const ROWS = 900;
const MINUTE_MS = 60_000;

/** The same numbers in each run. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const newStore = () =>
  new RowStore({
    build: ({ data }) => ({
      health: { state: 'unknown' },
      cells: [1, (data as { node?: string })?.node ?? null],
    }),
  });

type Some = (below: number) => number;

/** An object that differs in everything that is indexed, in another version than before. */
function randomObject(index: number, version: number, some: Some) {
  const labels: Record<string, string> = { app: `app-${some(20)}` };
  if (some(3) === 0) labels.tier = some(2) === 0 ? '' : 'front';
  return configMap(`object-${index}`, version, {
    namespace: `space-${some(5)}`,
    uid: `uid-${index}-${version}`,
    labels,
    ownerUid: some(2) === 0 ? `owner-${some(30)}` : undefined,
    data: some(5) === 0 ? undefined : { node: `node-${some(40)}` },
  });
}

function filled() {
  const store = newStore();
  const some = numbers(7);
  for (let index = 0; index < ROWS; index += 1) {
    store.put(randomObject(index, 1, some));
  }
  return { store, some };
}

const tableQuery = (more: Partial<TableQuery>): TableQuery => ({
  ...{ ...CONFIG_MAPS, columns: COLUMNS, limit: 2 * ROWS, ...more },
});

/** Names of what is found with the store's indexes, and by looking at all rows. */
function both(store: RowStore, more: Partial<TableQuery>) {
  const query = tableQuery(more);
  const found = (rows: ReturnType<RowStore['select']>) =>
    unpackRows(selectRows(rows, query).rows).map(
      ({ namespace, name }) => `${namespace}/${name}`,
    );
  return {
    indexed: found(store.select(query)),
    all: found(store.select({})),
  };
}

const QUERIES: Partial<TableQuery>[] = [
  {},
  { namespace: 'space-1' },
  { namespace: 'nowhere' },
  { namespace: 'space-2', name: 'object-3' },
  { ownerUids: ['owner-1', 'owner-2', 'owner-1', 'nobody'] },
  { ownerUids: [] },
  { ownerUids: ['owner-3'], namespace: 'space-1' },
  { labelSelector: 'app=app-3' },
  { labelSelector: 'app=app-3,tier' },
  { labelSelector: 'app in (app-1, app-2),tier!=front' },
  { labelSelector: 'tier=' },
  { labelSelector: 'tier=,app=app-9', namespace: 'space-3' },
  { labelSelector: 'app notin (app-1)' },
  { labelSelector: '!tier' },
  { labelSelector: 'constructor=x' },
  { fieldSelector: 'node=node-7' },
  { fieldSelector: 'spec.nodeName=node-7' },
  { fieldSelector: 'node=' },
  { fieldSelector: 'node!=node-7', labelSelector: 'app=app-1' },
  { fieldSelector: 'metadata.name=object-5' },
  { fieldSelector: 'spec.nodeName=node-1,metadata.namespace=space-1' },
];

const countOf = (store: RowStore, selection: RowSelection) =>
  [...store.select({ columns: COLUMNS, ...selection })].length;

describe('RowIndexes', () => {
  it.each(QUERIES)('finds the same as looking at all rows: %j', query => {
    const { store } = filled();
    for (let round = 0; round < 3; round += 1) {
      const { indexed, all } = both(store, query);
      expect(indexed).toEqual(all);
    }
  });

  it('finds the same after everything has changed, moved or gone', () => {
    const { store, some } = filled();
    for (let round = 2; round < 6; round += 1) {
      for (const query of QUERIES) {
        const { indexed, all } = both(store, query);
        expect(indexed).toEqual(all);
      }
      const rows = [...store.select({})];
      for (const row of rows) {
        const index = Number(row.metadata.name?.slice('object-'.length));
        if (some(4) === 0) store.remove(row);
        else store.put(randomObject(index, round, some));
      }
    }
    for (const row of [...store.select({})]) store.remove(row);
    for (const query of QUERIES) {
      expect(both(store, query)).toEqual({ indexed: [], all: [] });
    }
    expect(store.memory.rows).toBe(0);
  });

  it('has a row with several owners once', () => {
    const store = newStore();
    const object = configMap('a', 1, { ownerUid: 'one' });
    const [owner] = object.metadata.ownerReferences ?? [];
    object.metadata.ownerReferences = [owner, { ...owner, uid: 'two' }];
    store.put(object);
    expect(countOf(store, { ownerUids: ['one', 'two'] })).toBe(1);
    store.put({ ...object, metadata: { ...object.metadata, uid: 'x' } });
    expect(countOf(store, { ownerUids: ['two'] })).toBe(1);
  });

  it.each<[string, RowSelection]>([
    ['a label', { labelSelector: 'app=app-3' }],
    ['a node', { fieldSelector: 'spec.nodeName=node-7' }],
  ])('looks at few rows when asked for %s again', (_, selection) => {
    const { store } = filled();
    const before = store.memory.rows;
    expect(countOf(store, selection)).toBe(ROWS);
    expect(store.memory.rows).toBe(before);
    expect(countOf(store, selection)).toBeLessThan(ROWS / 10);
    expect(store.memory.rows).toBeGreaterThan(before);
  });

  it('takes the narrowest of what a query says', () => {
    const { store } = filled();
    const selection = { namespace: 'space-1', labelSelector: 'app=app-3' };
    expect(countOf(store, selection)).toBeLessThan(ROWS / 3);
    expect(countOf(store, selection)).toBeLessThan(ROWS / 10);
    const owned = { ...selection, ownerUids: ['nobody'] };
    expect(countOf(store, owned)).toBe(0);
  });

  it('makes none for few rows, keeps few, and none that nobody uses', () => {
    const few = newStore();
    few.put(configMap('a', 1, { labels: { app: 'x' } }));
    few.put(configMap('b', 1));
    const selection = { labelSelector: 'app=x' };
    for (let round = 0; round < 3; round += 1) {
      expect(countOf(few, selection)).toBe(2);
    }
    const { store } = filled();
    const before = store.memory.rows;
    const made = () => (store.memory.rows - before) / ROWS / 48;
    for (let label = 0; label < 20; label += 1) {
      for (let round = 0; round < 2; round += 1) {
        countOf(store, { labelSelector: `label-${label}=x` });
      }
    }
    expect(made()).toBe(4);
    jest.useFakeTimers({ now: Date.now() + 6 * MINUTE_MS });
    try {
      countOf(store, { labelSelector: 'label-19=x' });
      store.tidy();
      expect(made()).toBe(1);
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not make anew what had to go at the next time it is asked for', () => {
    const { store } = filled();
    const selection = (label: number) => ({
      labelSelector: `label-${label}=x`,
    });
    const ask = (label: number) => countOf(store, selection(label));
    for (let label = 0; label < 5; label += 1) {
      ask(label);
      expect(ask(label)).toBe(0);
    }
    // The first made way for the fifth; those that are there stay.
    expect(ask(0)).toBe(ROWS);
    expect([1, 2, 3, 4].map(ask)).toEqual([0, 0, 0, 0]);
    expect(ask(0)).toBe(0);
  });

  it('refuses what cannot be read as everything else does', () => {
    const { store } = filled();
    const query = { ...CONFIG_MAPS, labelSelector: 'a in' };
    expect(() => matcherOf(query)).toThrow('The label selector');
    expect(() => store.select(query)).toThrow('The label selector');
  });
});
