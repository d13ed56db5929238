import { median } from './statistics.ts';

/** Something that can be done again and again; answers how many milliseconds it took. */
export type Work = () => Promise<number>;

/** What was measured, by subject and round. */
export type Rounds<Subject extends string> = Record<Subject, number[][]>;

/**
 * Does the work of each subject, A B A B, so that what the machine does besides falls on all of them. Each is done once before,
 * unmeasured: connections are open and code is compiled.
 */
export async function interleave<Subject extends string>(
  subjects: Record<Subject, Work>,
  options: { rounds: number; requests: number },
): Promise<Rounds<Subject>> {
  const entries = Object.entries(subjects) as [Subject, Work][];
  const measured = Object.fromEntries(
    entries.map(([subject]) => [subject, []]),
  ) as unknown as Rounds<Subject>;
  for (const [, work] of entries) await work();
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [subject, work] of entries) {
      const times: number[] = [];
      for (let count = 0; count < options.requests; count += 1) {
        times.push(await work());
      }
      measured[subject].push(times);
    }
  }
  return measured;
}

/** The median of all rounds. */
export const middle = (rounds: readonly number[][]) => median(rounds.flat());
