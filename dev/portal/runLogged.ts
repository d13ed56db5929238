import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { Problem } from './Problem.ts';
import { ROOT } from './paths.ts';

/** Lines of a log that an error shows. */
const TAIL_LINES = 15;

/** A command and where its output goes. */
export interface LoggedCommand {
  command: string;
  args: string[];
  /** File that gets all output. */
  log: string;
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** Also shown to the user as it comes. */
  echo?: boolean;
}

/** Runs a command to its end; answers with its exit status, which is 1 when a signal ended it. */
export async function runForStatus(command: LoggedCommand): Promise<number> {
  mkdirSync(dirname(command.log), { recursive: true });
  const log = createWriteStream(command.log);
  const child = spawn(command.command, command.args, {
    cwd: command.cwd ?? ROOT,
    env: { ...process.env, ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(log, { end: false });
    if (command.echo) stream.pipe(process.stdout, { end: false });
  }
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', code => resolve(code ?? 1));
    });
  } finally {
    await new Promise(resolve => log.end(resolve));
  }
}

/** The last lines of a log, and where it is. */
export function tailOf(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  return [
    ...lines.slice(-TAIL_LINES).map(line => `  | ${line}`),
    `The whole log is ${relative(ROOT, log)}.`,
  ].join('\n');
}

/** Runs a command to its end. @throws Problem with the end of its log when it fails */
export async function runLogged(command: LoggedCommand): Promise<void> {
  const status = await runForStatus(command);
  if (status === 0) return;
  const tail = tailOf(command.log);
  const full = /ENOSPC|no space left on device/i.test(tail);
  throw new Problem(
    full
      ? 'The disk is full: free some space and try again.'
      : `${command.command} ${
          command.args[0] ?? ''
        } failed (status ${status}):\n${tail}`,
  );
}
