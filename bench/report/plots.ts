import type { Figure, Subject } from '../Figure.ts';
import { number } from './printFigures.ts';
import { barChart, COLORS } from './svg.ts';
import type { Bar } from './svg.ts';

/** A picture of a run. */
export interface Plot {
  /** Part of its file's name. */
  name: string;
  title: string;
  svg: string;
}

const NAMES: Record<Subject, string> = {
  ours: 'ours',
  raw: 'API server',
  plugin: 'Backstage’s plugin',
  floor: 'floor',
};

const bar = ({ id, subject, figure, unit }: Figure): Bar => ({
  label: `${id} ${NAMES[subject]}`,
  value: figure,
  text: `${number(figure)} ${unit}`,
  color: COLORS[subject],
});

/** How far each goal that is a ratio is met: 1 is the goal itself. */
function towardsGoals(figures: readonly Figure[]): Bar[] {
  return figures.flatMap(({ id, goal, ratio, figure, met }) => {
    const bound = /^([≤≥]) ([\d.]+)/.exec(goal ?? '');
    const compared = ratio ?? figure;
    if (!bound || compared <= 0) return [];
    const [, sign, text] = bound;
    const share =
      sign === '≤' ? compared / Number(text) : Number(text) / compared;
    return [
      {
        label: id,
        value: share,
        text: `${number(share)}${met ? '' : ' (missed)'}`,
        color: met ? COLORS.met : COLORS.missed,
      },
    ];
  });
}

/** The pictures of a run; one that has nothing to show is left out. */
export function plots(size: string, figures: readonly Figure[]): Plot[] {
  const times = (ids: RegExp) =>
    figures.filter(({ id, unit }) => ids.test(id) && unit === 'ms');
  const charts = [
    {
      name: 'goals',
      title: `${size}: share of each goal that is used up (1 is the goal)`,
      unit: 'measured / goal',
      bars: towardsGoals(figures),
      line: { value: 1, label: 'goal' },
    },
    {
      name: 'requests',
      title: `${size}: requests`,
      unit: 'ms, median',
      bars: times(/^(W1|W2|W3|W5|W7\.p50|W10\.list)$/).map(bar),
    },
    {
      name: 'services',
      title: `${size}: one service's workloads on 1, 10 and 100 clusters`,
      unit: 'ms, median',
      bars: times(/^W4\.(each\.)?\d+$/).map(bar),
    },
    {
      name: 'users',
      title: `${size}: CPU for one user with a page open`,
      unit: 'cores per user',
      bars: figures.filter(({ id }) => /^W6\.cpu/.test(id)).map(bar),
    },
  ];
  return charts
    .filter(({ bars }) => bars.some(({ value }) => value > 0))
    .map(({ name, ...chart }) => ({
      name,
      title: chart.title,
      svg: barChart(chart),
    }));
}
