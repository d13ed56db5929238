import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { Problem } from './Problem.ts';
import { ROOT } from './paths.ts';
import { spawnGuarded } from './spawnGuarded.ts';

/** Lines of a log that an error shows. */
const TAIL_LINES = 15;

/** What often goes wrong and is no fault of the project. */
const KNOWN_CAUSES = [
  {
    sign: /ENOSPC|no space left on device/i,
    sentence: 'the disk is full, so free some space and try again',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|ETIMEDOUT|no such host|network is unreachable/,
    sentence:
      'the package registry does not answer, so check the network or the proxy and try again',
  },
];

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
  const child = spawnGuarded({ ...command, output: ['pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.pipe(log, { end: false });
    if (command.echo) stream?.pipe(process.stdout, { end: false });
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
  const log = readFileSync(command.log, 'utf8');
  const known = KNOWN_CAUSES.find(({ sign }) => sign.test(log));
  const failure = `${command.command} ${command.args[0] ?? ''} failed`;
  throw new Problem(
    known
      ? `${failure}: ${known.sentence}; its log is ${relative(
          ROOT,
          command.log,
        )}.`
      : `${failure} (status ${status}):\n${tailOf(command.log)}`,
  );
}
