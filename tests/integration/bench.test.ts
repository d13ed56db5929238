/**
 * The benchmark, at its smallest: that it runs, that every answer of the portal is what the API server has (it fails otherwise by
 * itself), and that a wrong one is noticed. Times are not looked at.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figure } from '../../bench/Figure.ts';
import { check, judged, WrongAnswer } from '../../bench/Figure.ts';
import { ratioInterval, quantile } from '../../bench/measure/statistics.ts';
import { plots } from '../../bench/report/plots.ts';
import { runBench } from '../../bench/runBench.ts';
import { SIZES } from '../../bench/sizes.ts';

const ROWS = [
  ...[
    'W1',
    'W2',
    'W3',
    'W4.1',
    'W5',
    'W6.requests',
    'W6.impersonation',
    'W7.p50',
    'W8',
    'W9',
  ],
  ...['W10.list', 'W10.logs', 'memory', 'changes', 'delay.pages', 'idle'],
  ...['bytes.3', 'start.first', 'start.synced'],
];

test('every row is measured, and every answer is right', async () => {
  const figures: Figure[] = [];
  await runBench(SIZES.XS, {
    wanted: () => true,
    take: {
      figures: more => figures.push(...more),
      failure({ error }) {
        throw error;
      },
    },
  });
  for (const row of ROWS) {
    const ours = figures.filter(
      ({ id, subject }) => id === row && subject === 'ours',
    );
    assert.equal(ours.length > 0, true, `${row} is missing`);
  }
  for (const { id, figure, met } of figures) {
    assert.ok(figure === null || Number.isFinite(figure), `${id}: ${figure}`);
    if (figure === null) assert.equal(met, false, `${id} has no figure`);
  }
  // What does not depend on time: more users ask the clusters for nothing more. A watch may end by itself meanwhile, but each user's
  // own would be several on each cluster.
  const requests = figures.find(
    ({ id, subject }) => id === 'W6.requests' && subject === 'ours',
  );
  assert.ok(Number(requests?.figure) < SIZES.XS.fleet);
  assert.ok(plots('XS', figures).every(({ svg }) => svg.startsWith('<svg')));
});

test('a wrong answer ends the run', () => {
  assert.throws(() => check(false, 'one pod too few'), WrongAnswer);
});

test('goals are compared with ratios, figures, or the end of an interval', () => {
  const of = { figure: 30, unit: 'ms', what: 'a request' };
  assert.equal(judged('x', 'ours', { ...of, ratio: 2, atMost: 2 }).met, true);
  assert.equal(judged('x', 'ours', { ...of, ratio: 2, atMost: 1 }).met, false);
  assert.equal(judged('x', 'ours', { ...of, atMost: 30 }).met, true);
  assert.equal(judged('x', 'ours', { ...of, atLeast: 31 }).met, false);
  const interval = { ...of, ratio: 1, atMost: 1.05, compared: 1.1 };
  assert.equal(judged('x', 'ours', interval).met, false);
});

test('an interval of a ratio holds it, and is narrow where nothing varies', () => {
  const steady = { numerator: [2, 2, 2], denominator: [1, 1, 1] };
  const { low, high } = ratioInterval([steady, steady, steady]);
  assert.deepEqual([low, high], [2, 2]);
  const other = { numerator: [4, 4, 4], denominator: [1, 1, 1] };
  const wide = ratioInterval([steady, other, steady, other, steady]);
  assert.ok(wide.low <= 2 && wide.high >= 3);
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
});
