/** A line of a unified diff. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Lengths of the longest common subsequences of all ends of two texts; row by row. */
function commonLengths(before: string[], after: string[]): Uint32Array[] {
  const table = Array.from(
    { length: before.length + 1 },
    () => new Uint32Array(after.length + 1),
  );
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      table[i][j] =
        before[i] === after[j]
          ? table[i + 1][j + 1] + 1
          : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}

function diffMiddle(before: string[], after: string[]): DiffLine[] {
  const common = commonLengths(before, after);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: 'same', text: before[i] });
      i += 1;
      j += 1;
    } else if (
      j >= after.length ||
      (i < before.length && common[i + 1][j] >= common[i][j + 1])
    ) {
      lines.push({ kind: 'removed', text: before[i++] });
    } else {
      lines.push({ kind: 'added', text: after[j++] });
    }
  }
  return lines;
}

/** The smallest difference of two texts, line by line. What they begin and end with alike costs nothing. */
export function diffLines(beforeText: string, afterText: string): DiffLine[] {
  const before = beforeText === '' ? [] : beforeText.split('\n');
  const after = afterText === '' ? [] : afterText.split('\n');
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < shorter - head &&
    before.at(-1 - tail) === after.at(-1 - tail)
  ) {
    tail += 1;
  }
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return [
    ...before.slice(0, head).map(same),
    ...diffMiddle(
      before.slice(head, before.length - tail),
      after.slice(head, after.length - tail),
    ),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** A piece of a diff: lines that are shown, or how many are folded away. */
export type DiffPiece = DiffLine | { kind: 'folded'; count: number };

/** A diff with what is far from any change folded away; a single line is shown, since it takes no more room than a fold. */
export function foldDiff(lines: DiffLine[], context: number): DiffPiece[] {
  const near = new Set<number>();
  lines.forEach(({ kind }, index) => {
    if (kind === 'same') return;
    for (let at = index - context; at <= index + context; at++) near.add(at);
  });
  const isShown = (index: number) => {
    const isBetween =
      (index === 0 || near.has(index - 1)) &&
      (index === lines.length - 1 || near.has(index + 1));
    return near.has(index) || isBetween;
  };
  const pieces: DiffPiece[] = [];
  lines.forEach((line, index) => {
    const last = pieces.at(-1);
    if (isShown(index)) pieces.push(line);
    else if (last?.kind === 'folded') last.count += 1;
    else pieces.push({ kind: 'folded', count: 1 });
  });
  return pieces;
}
