import { existsSync } from 'node:fs';
import { DISK_IS_FULL, Problem } from './Problem.ts';
import { tailOf } from './runLogged.ts';

/** As the system, Go and SQLite call it. */
const DISK_FULL = /ENOSPC|no space left on device|database or disk is full/i;

/** Why a program that writes a log did not do what it should: one sentence where the end of its log shows that, else that end. */
export function endedBadly(what: string, log: string): Problem {
  const text = existsSync(log) ? tailOf(log) : '';
  return new Problem(DISK_FULL.test(text) ? DISK_IS_FULL : `${what}:\n${text}`);
}
