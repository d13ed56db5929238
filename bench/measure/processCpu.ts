import { readFileSync } from 'node:fs';

/** Clock ticks in a second: what `getconf CLK_TCK` says on every Linux. */
const TICKS = 100;
const UTIME = 11;
const STIME = 12;
const KIB = 1024;

/** CPU-seconds that a process has used so far, all threads; see proc_pid_stat(5). */
export function processCpu(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name may hold spaces; what follows it is counted from the state on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS;
}

/** Resident memory of a process, bytes. */
export function processMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * KIB;
}
