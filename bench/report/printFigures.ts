import type { Figure } from '../Figure.ts';

const DIGITS = 3;

/** A number as people read it: three digits that count, no more. */
export function number(value: number | null): string {
  if (value === null) return '–';
  if (value === 0) return '0';
  if (Math.abs(value) >= 1_000)
    return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(DIGITS)));
}

/** What became of a goal, in a word. */
export function outcome({ goal, met }: Figure): string {
  if (goal === null) return '';
  return met ? 'met' : 'missed';
}

/** Prints all figures as a table. */
export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map(figure => [
    figure.id,
    figure.subject,
    number(figure.figure),
    figure.unit,
    number(figure.ratio),
    figure.goal ?? '',
    outcome(figure),
    figure.what,
  ]);
  const heads = ['id', 'subject', 'figure', 'unit', 'ratio', 'goal', '', ''];
  const all = [heads, ...rows];
  const widths = heads.map((_, column) =>
    Math.max(...all.map(row => row[column].length)),
  );
  for (const row of all) {
    const cells = row.map((cell, column) => cell.padEnd(widths[column]));
    console.log(cells.join('  ').trimEnd());
  }
  const goals = figures.filter(({ goal }) => goal !== null);
  const met = goals.filter(figure => figure.met);
  console.log(`${met.length} of ${goals.length} goals met`);
}
