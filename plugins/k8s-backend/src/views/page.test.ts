import { GoneError } from '../errors/statusErrors';
import { page } from './page';

interface Row {
  name: string;
  size: number;
}

const rows: Row[] = ['d', 'a', 'c', 'e', 'b'].map((name, index) => ({
  name,
  size: index % 2,
}));
const byName = {
  keyOf: ({ name }: Row) => [name],
  query: ['cluster-1', 'name'],
};
const token = (value: unknown) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

describe('page', () => {
  it('gives every row once, whatever the limit', () => {
    for (const limit of [1, 2, 5, 9]) {
      const seen: string[] = [];
      let next: string | undefined;
      do {
        const result = page(rows, { ...byName, limit, continue: next });
        expect(result.total).toBe(5);
        seen.push(...result.rows.map(({ name }) => name));
        next = result.continue;
      } while (next);
      expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    }
  });

  it('sorts downwards and by several keys', () => {
    const keyOf = ({ name, size }: Row) => [size, name];
    const options = { keyOf, query: [], isDescending: true, limit: 3 };
    const first = page(rows, options);
    expect(first.rows.map(({ name }) => name)).toEqual(['e', 'a', 'd']);
    const second = page(rows, { ...options, continue: first.continue });
    expect(second.rows.map(({ name }) => name)).toEqual(['c', 'b']);
    expect(second.continue).toBeUndefined();
  });

  it('neither repeats nor skips rows when others come and go', () => {
    const first = page(rows, { ...byName, limit: 2 });
    const changed = [
      ...rows.filter(({ name }) => name !== 'b'),
      { name: 'aa', size: 0 },
    ];
    const second = page(changed, {
      ...byName,
      limit: 2,
      continue: first.continue,
    });
    expect(second.rows.map(({ name }) => name)).toEqual(['c', 'd']);
  });

  it('gives cursors that the contract allows', () => {
    const longest = [
      { name: `${'a'.repeat(63)}/${'b'.repeat(253)}` },
      { name: 'z' },
    ];
    const { continue: next } = page(longest, {
      keyOf: ({ name }) => ['2026-11-23T12:00:00Z', name],
      query: ['x'],
      limit: 1,
    });
    expect(next).toMatch(/^[A-Za-z0-9_-]{1,512}$/);
  });

  it.each([
    ['garbage', 'garbage'],
    ['not an array', token({})],
    ['no version', token(['x'])],
    ['objects as key', token([1, 'x', {}])],
    ['nothing', token([])],
  ])('refuses a cursor that is none: %s', (_, next) => {
    expect(() => page(rows, { ...byName, limit: 2, continue: next })).toThrow(
      expect.objectContaining({ name: 'InputError' }),
    );
  });

  it('refuses a cursor of another list, and one whose key has other parts', () => {
    const { continue: next } = page(rows, { ...byName, limit: 2 });
    for (const options of [
      { ...byName, query: ['cluster-2', 'name'] },
      { ...byName, isDescending: true },
      { ...byName, keyOf: ({ name, size }: Row) => [size, name] },
    ]) {
      expect(() =>
        page(rows, { ...options, limit: 2, continue: next }),
      ).toThrow(expect.objectContaining({ name: 'InputError' }));
    }
  });

  it('says that a cursor of an older form is gone', () => {
    expect(() =>
      page(rows, { ...byName, limit: 2, continue: token([0, 'x', 'a']) }),
    ).toThrow(GoneError);
  });
});
