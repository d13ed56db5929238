/** Whose figure it is. */
export type Subject = 'raw' | 'ours' | 'plugin' | 'floor';

/** One figure of a run, as `--json` writes it. */
export interface Figure {
  /** Row of the table of goals and what of it, e.g. `W4.100`. */
  id: string;
  subject: Subject;
  figure: number;
  unit: string;
  /** To what the goal is about, in the same run; absent: the goal is not a ratio, or there is none. */
  ratio: number | null;
  /** In words; absent: reported only. */
  goal: string | null;
  met: boolean | null;
  /** What the figure is of. */
  what: string;
}

/** What could not be measured, or was wrong. */
export interface Failure {
  /** Of the rows, e.g. `W4`. */
  id: string;
  /** For people. */
  reason: string;
}

/** A figure without a goal. */
export function figure(
  id: string,
  subject: Subject,
  options: { figure: number; unit: string; what: string; ratio?: number },
): Figure {
  const { figure: value, unit, what, ratio = null } = options;
  return {
    ...{ id, subject, figure: value, unit, ratio },
    ...{ goal: null, met: null, what },
  };
}

/** A figure with a goal: its ratio may be this at most, or at least. */
export function judged(
  id: string,
  subject: Subject,
  options: {
    figure: number;
    unit: string;
    what: string;
    /** Absent: the figure itself is compared. */
    ratio?: number;
    atMost?: number;
    atLeast?: number;
    /** What the ratio is to, e.g. `floor`. */
    of?: string;
    /** Compared instead of the ratio, e.g. the upper end of its interval. */
    compared?: number;
  },
): Figure {
  const { ratio = null, atMost, atLeast, of } = options;
  const compared = options.compared ?? ratio ?? options.figure;
  const bound = atMost ?? atLeast ?? 0;
  const sign = atMost === undefined ? '≥' : '≤';
  return {
    ...figure(id, subject, options),
    ratio,
    goal: `${sign} ${bound}${of ? ` × ${of}` : ` ${options.unit}`}`,
    met: atMost === undefined ? compared >= bound : compared <= bound,
  };
}

/** An answer is not what the raw API server says: the run has failed. */
export class WrongAnswer extends Error {
  name = 'WrongAnswer' as const;
}

/** @throws WrongAnswer */
export function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new WrongAnswer(what);
}
