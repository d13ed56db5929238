import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './Problem.ts';
import { HOME, ROOT } from './paths.ts';
import { programsAreBuilt } from './clusters/buildPrograms.ts';

const GIGABYTE = 1e9;
/** Logs, databases and clusters grow. */
const ALWAYS = 0.3 * GIGABYTE;
const PACKAGES = 2 * GIGABYTE;
const PROGRAMS = 1 * GIGABYTE;

/** @throws Problem when the disk has less room than what is to be installed and built takes */
export function checkDisk(options: { needsPrograms: boolean }): void {
  const hasPackages = existsSync(join(ROOT, 'node_modules/.yarn-state.yml'));
  const needed =
    ALWAYS +
    (hasPackages ? 0 : PACKAGES) +
    (options.needsPrograms && !programsAreBuilt() ? PROGRAMS : 0);
  checkFree(ROOT, needed);
  // It may be on another disk.
  mkdirSync(HOME, { recursive: true });
  checkFree(HOME, ALWAYS);
}

function checkFree(folder: string, needed: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  const show = (bytes: number) => (bytes / GIGABYTE).toFixed(1);
  throw new Problem(
    `The disk is full: ${show(free)} GB are free and ${show(
      needed,
    )} GB are needed; free some space and try again.`,
  );
}
