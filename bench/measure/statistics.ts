/** Numbers that stand for many. */

/** @param share - 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('There is nothing to count');
  const sorted = [...values].sort((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

export const sum = (values: readonly number[]) =>
  values.reduce((total, value) => total + value, 0);

/** Between which numbers something lies. */
export interface Interval {
  low: number;
  high: number;
}

const RESAMPLES = 2_000;
const TAIL = 0.025;

/**
 * The 95 % confidence interval of median(numerator) / median(denominator), by the bootstrap: rounds are drawn again with
 * replacement, so that what a noisy machine does to both in one round stays together.
 *
 * @param rounds - of each round what was measured of the two, one after the other
 */
export function ratioInterval(
  rounds: readonly { numerator: number[]; denominator: number[] }[],
): Interval {
  const random = generator();
  const ratios = Array.from({ length: RESAMPLES }, () => {
    const drawn = rounds.map(
      () => rounds[Math.floor(random() * rounds.length)],
    );
    return (
      median(drawn.flatMap(({ numerator }) => numerator)) /
      median(drawn.flatMap(({ denominator }) => denominator))
    );
  });
  return { low: quantile(ratios, TAIL), high: quantile(ratios, 1 - TAIL) };
}

/** The same numbers in each run, from 0 to 1 (xorshift), so that an interval belongs to its measurements alone. */
function generator(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
