import { applyRows } from './applyRows';

interface Row {
  name: string;
  cluster?: string;
  version?: number;
}

const options = {
  keyOf: ({ name }: Row) => name,
  compare: (left: Row, right: Row) => left.name.localeCompare(right.name),
  first: false,
};

const changes = (upserted: Row[], deleted: string[] = []) => ({
  type: 'changes' as const,
  upserted,
  deleted,
});

describe('applyRows', () => {
  it('changes a row where it is, so that it does not jump', () => {
    const rows = [{ name: 'z' }, { name: 'a' }];
    const applied = applyRows(
      rows,
      changes([{ name: 'a', version: 2 }]),
      options,
    );
    expect(applied.rows).toEqual([{ name: 'z' }, { name: 'a', version: 2 }]);
  });

  it('adds and removes', () => {
    const applied = applyRows(
      [{ name: 'a' }, { name: 'c' }],
      changes([{ name: 'b' }], ['c']),
      options,
    );
    expect(applied.rows.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(applied.added).toBe(1);
  });

  it('finds rows that all rows do not name', () => {
    const rows = [{ name: 'a' }, { name: 'ghost' }];
    const all = changes([{ name: 'a' }]);
    expect(applyRows(rows, all, { ...options, first: true }).missing).toBe(1);
    expect(applyRows(rows, all, options).missing).toBe(0);
  });

  it('does not miss rows of which the changes do not speak', () => {
    const rows = [
      { name: 'a', cluster: 'eu' },
      { name: 'b', cluster: 'us' },
    ];
    const applied = applyRows(rows, changes([{ name: 'a', cluster: 'eu' }]), {
      ...options,
      first: true,
      within: ({ cluster }) => cluster === 'eu',
    });
    expect(applied.missing).toBe(0);
  });
});
