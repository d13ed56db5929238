import { diffLines, foldDiff } from './diffLines';

const marks = { same: ' ', added: '+', removed: '-' };

function unified(before: string[], after: string[]): string[] {
  return diffLines(before.join('\n'), after.join('\n')).map(
    ({ kind, text }) => marks[kind] + text,
  );
}

describe('diffLines', () => {
  it.each([
    ['nothing', ['a', 'b'], ['a', 'b'], [' a', ' b']],
    ['a change', ['a', 'b', 'c'], ['a', 'x', 'c'], [' a', '-b', '+x', ' c']],
    ['an addition', ['a', 'c'], ['a', 'b', 'c'], [' a', '+b', ' c']],
    ['a removal', ['a', 'b', 'c'], ['a', 'c'], [' a', '-b', ' c']],
    ['a repeated line', ['a', 'a'], ['a', 'a', 'a'], [' a', ' a', '+a']],
    ['everything new', [], ['a'], ['+a']],
    ['everything gone', ['a'], [], ['-a']],
  ])('shows %s', (_, before, after, expected) => {
    expect(unified(before, after)).toEqual(expected);
  });

  it('gives back both texts, whatever they are', () => {
    const random = (seed: number) =>
      Array.from(
        { length: 30 },
        (_, index) => 'abcd'[(seed * (index + 7) * (index + 3)) % 4],
      );
    for (let seed = 1; seed < 40; seed++) {
      const before = random(seed);
      const after = random(seed + 1);
      const lines = diffLines(before.join('\n'), after.join('\n'));
      const without = (kind: string) =>
        lines.filter(line => line.kind !== kind).map(({ text }) => text);
      expect(without('added')).toEqual(before);
      expect(without('removed')).toEqual(after);
    }
  });
});

describe('foldDiff', () => {
  it('keeps what is near a change and counts the rest', () => {
    const before = Array.from({ length: 20 }, (_, index) => `${index}`);
    const after = before.map(text => (text === '10' ? 'x' : text));
    const pieces = foldDiff(diffLines(before.join('\n'), after.join('\n')), 2);
    expect(
      pieces.map(piece =>
        piece.kind === 'folded' ? piece.count : marks[piece.kind] + piece.text,
      ),
    ).toEqual([8, ' 8', ' 9', '-10', '+x', ' 11', ' 12', 7]);
  });

  it('folds no single line', () => {
    const before = ['0', '1', '2', '3', '4'];
    const after = ['0', '1', 'x', '3', '4'];
    const pieces = foldDiff(diffLines(before.join('\n'), after.join('\n')), 1);
    expect(pieces.every(({ kind }) => kind !== 'folded')).toBe(true);
  });
});
