import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { appendPage, mergeRows } from './ResourceRows';
import type { ResourceRows } from './ResourceRows';

type Row = Schema<'ResourceRow'>;

const rowOf = (name: string, part: Partial<Row> = {}): Row => ({
  cluster: 'eu',
  namespace: 'shop',
  name,
  uid: name,
  resourceVersion: '1',
  createdAt: '2026-01-01T00:00:00Z',
  health: { state: 'healthy' },
  cells: [0],
  ...part,
});

const listOf = (
  names: string[],
  part: Partial<ResourceRows> = {},
): ResourceRows => ({
  columns: [{ id: 'restarts', title: 'Restarts', type: 'number' }],
  rows: names.map(name => rowOf(name)),
  total: names.length,
  cache: { state: 'live' },
  ...part,
});

const changes = (upserted: Row[], deleted: string[] = []) => ({
  type: 'changes' as const,
  upserted,
  deleted,
});

const names = ({ rows }: ResourceRows) => rows.map(({ name }) => name);

describe('mergeRows', () => {
  it('changes a row where it is, even when the list is sorted by what changed', () => {
    const list = listOf(['a', 'b', 'c']);
    const { data } = mergeRows(
      list,
      changes([rowOf('a', { cells: [9], resourceVersion: '2' })]),
      { sort: 'restarts' },
    );
    expect(names(data)).toEqual(['a', 'b', 'c']);
    expect(data.rows[0].cells).toEqual([9]);
    // What did not change is the same, so that it is not rendered again.
    expect(data.rows[1]).toBe(list.rows[1]);
  });

  it.each([
    ['namespace', ['a', 'b', 'c']],
    ['-name', ['c', 'b', 'a']],
    ['restarts', ['a', 'b', 'c']],
    ['-restarts', ['c', 'b', 'a']],
    ['health', ['b', 'a', 'c']],
    ['age', ['b', 'a', 'c']],
  ])('puts a new row at its place, sorted by %s', (sort, expected) => {
    const others = ['a', 'c'].map((name, index) =>
      rowOf(name, { cells: [2 * index] }),
    );
    const rows = sort.startsWith('-') ? [...others].reverse() : others;
    const { data } = mergeRows(
      listOf([], { rows, total: 2 }),
      changes([
        rowOf('b', {
          cells: [1],
          health: { state: 'degraded' },
          createdAt: '2026-02-01T00:00:00Z',
        }),
      ]),
      { sort },
    );
    expect(names(data)).toEqual(expected);
    expect(data.total).toBe(3);
  });

  it('takes out what is gone', () => {
    const { data, isTotalUncertain } = mergeRows(
      listOf(['a', 'b'], { total: 10, continue: 'more' }),
      changes([], ['shop/a']),
      {},
    );
    expect(names(data)).toEqual(['b']);
    expect(data.total).toBe(9);
    expect(isTotalUncertain).toBe(false);
  });

  it('leaves out what belongs behind the rows that were read, and doubts the total', () => {
    const { data, isTotalUncertain } = mergeRows(
      listOf(['a', 'c'], { total: 10, continue: 'more' }),
      changes([rowOf('b'), rowOf('z')], ['shop/y']),
      {},
    );
    expect(names(data)).toEqual(['a', 'b', 'c']);
    expect(isTotalUncertain).toBe(true);
  });

  it('lets in only what is searched for', () => {
    const { data, isTotalUncertain } = mergeRows(
      listOf(['payments-1']),
      changes([rowOf('orders-1'), rowOf('payments-2')]),
      { search: 'Payments' },
    );
    expect(names(data)).toEqual(['payments-1', 'payments-2']);
    expect(isTotalUncertain).toBe(false);
  });

  it('finds rows at their new places after others came and went', () => {
    const first = mergeRows(
      listOf(['b', 'c', 'd']),
      changes([rowOf('a')], ['shop/c']),
      {},
    ).data;
    const { data } = mergeRows(
      first,
      changes([rowOf('d', { resourceVersion: '7' })]),
      {},
    );
    expect(names(data)).toEqual(['a', 'b', 'd']);
    expect(data.rows[2].resourceVersion).toBe('7');
  });

  it('counts what is not well', () => {
    const { data } = mergeRows(
      listOf(['a', 'b', 'c'], { health: { healthy: 3 } }),
      changes(
        [
          rowOf('a', { health: { state: 'degraded' } }),
          rowOf('d', { health: { state: 'degraded' } }),
        ],
        ['shop/c'],
      ),
      {},
    );
    expect(data.health).toEqual({ healthy: 1, degraded: 2 });
  });

  it('knows cluster-scoped rows by their name', () => {
    const node = rowOf('node-1', { namespace: undefined });
    const list = listOf([], { rows: [node], total: 1 });
    expect(names(mergeRows(list, changes([], ['node-1']), {}).data)).toEqual(
      [],
    );
  });
});

describe('appendPage', () => {
  it('does not repeat rows that came by the stream', () => {
    const list = listOf(['a', 'b'], { continue: 'more' });
    const page = listOf(['b', 'c'], { total: 3 });
    const whole = appendPage(list, page);
    expect(names(whole)).toEqual(['a', 'b', 'c']);
    expect(whole.continue).toBeUndefined();
  });
});
