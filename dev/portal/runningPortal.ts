import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { processInformation } from './clusters/processInformation.ts';
import { HOME } from './paths.ts';

/** A `./portal start` or `dev` that is running. */
export interface RunningPortal {
  pid: number;
  /** Where it is, or will be, served. */
  url: string;
}

const FILE = join(HOME, 'run', 'portal.json');

/** The running portal of this home; undefined when there is none. */
export function runningPortal(): RunningPortal | undefined {
  if (!existsSync(FILE)) return undefined;
  const portal: RunningPortal = JSON.parse(readFileSync(FILE, 'utf8'));
  // The file of a killed one stays, and its id may be another process's by now.
  const command = processInformation(portal.pid)?.command;
  return command?.includes('dev/portal/main.ts') ? portal : undefined;
}

/** Lets other commands find this process. */
export function announcePortal(url: string): void {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, JSON.stringify({ pid: process.pid, url }));
  process.once('exit', () => rmSync(FILE, { force: true }));
}
