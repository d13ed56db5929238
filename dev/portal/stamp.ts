/** Stamps remember of what a step was the result, so that it runs again only when that has changed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CLONE, ROOT } from './paths.ts';

/** Hash over names and contents of the files below the paths, tracked or not, but not ignored ones. */
export function hashOf(paths: string[]): string {
  const files = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...paths],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
    .split('\0')
    .filter(Boolean)
    .sort();
  const hash = createHash('sha256');
  for (const file of new Set(files)) {
    const path = join(ROOT, file);
    // A deleted file is still listed until the deletion is committed.
    if (!existsSync(path) || !statSync(path).isFile()) continue;
    hash.update(`${file}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** What a step was done for, and what it makes. */
export interface Stamp {
  hash: string;
  /** Path of a file. */
  makes: string;
}

const stampFile = (name: string) => join(CLONE, 'stamps', name);

/** Whether the step was done for the same inputs, and what it made is still there. */
export function isDone(name: string, { hash, makes }: Stamp): boolean {
  const stamp = stampFile(name);
  const last = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  return last === hash && existsSync(makes);
}

/** Does the work unless it is done. */
export async function unlessDone(
  name: string,
  options: Stamp,
  work: () => Promise<void>,
): Promise<void> {
  if (isDone(name, options)) return;
  await work();
  const stamp = stampFile(name);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, options.hash);
}
