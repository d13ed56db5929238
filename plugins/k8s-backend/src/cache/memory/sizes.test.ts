import { configMap } from '../__testUtils__/objects';
import { RowStore } from '../RowStore';
import { parsedBytes } from './sizes';

describe('sizes', () => {
  it('grow with what there is', () => {
    const small = configMap('a', 1);
    const large = configMap('a', 1, { data: { text: 'x'.repeat(10_000) } });
    expect(parsedBytes(large) - parsedBytes(small)).toBeGreaterThan(10_000);
    expect(parsedBytes([1, null, true, 'x', { a: [] }])).toBeGreaterThan(0);
  });

  it('are 0 again when everything is gone', () => {
    const store = new RowStore({
      build: ({ metadata }) => ({
        health: { state: 'unknown' },
        cells: [metadata.name ?? '', 7, null, ['a', 'b']],
        search: metadata.name,
      }),
    });
    const objects = Array.from({ length: 300 }, (_, index) =>
      configMap(`object-${index}`, index + 1, {
        labels: { app: `${index % 7}` },
        ownerUid: 'o1',
        data: { text: 'text '.repeat(index) },
      }),
    );
    for (const object of objects) store.put(object);
    const { bodies, rows } = store.memory;
    expect(bodies).toBeGreaterThan(store.packedBytes);
    expect(rows).toBeGreaterThan(300 * 500);
    for (const row of [...store.select({})]) store.objectOf(row);
    expect(store.memory.bodies).toBeGreaterThan(bodies);
    for (const object of objects) store.remove(object);
    expect(store.memory.rows).toBe(0);
    store.dropObjects();
    expect(store.memory).toEqual({ bodies: 0, rows: 0 });
  });

  it('have no objects after they were dropped, and have those again that come later', () => {
    const store = new RowStore({
      build: () => ({ health: { state: 'unknown' }, cells: [] }),
    });
    for (let index = 0; index < 300; index += 1) {
      store.put(configMap(`object-${index}`, 1));
    }
    const rows = store.memory.rows;
    store.dropObjects();
    expect(store.memory).toEqual({ bodies: 0, rows });
    expect(store.isWhole).toBe(false);
    const [row] = store.select({});
    expect(() => store.objectOf(row)).toThrow();
    store.keepsObjects = true;
    for (let index = 0; index < 299; index += 1) {
      store.put(configMap(`object-${index}`, 2));
    }
    expect(store.isWhole).toBe(false);
    store.remove(configMap('object-299', 2));
    expect(store.isWhole).toBe(true);
    for (const one of store.select({})) {
      expect(store.objectOf(one).metadata.resourceVersion).toBe('2');
    }
  });
});
