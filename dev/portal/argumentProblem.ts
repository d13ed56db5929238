import { Problem } from './Problem.ts';

/** What `parseArgs` says of wrong arguments, in one sentence: its second one explains how to pass what nobody wants to pass. */
export function argumentProblem(error: unknown): Problem {
  const [sentence] = (error as Error).message.split('. ', 1);
  return new Problem(`${sentence.replace(/\.$/, '')}: see ./portal help.`);
}
