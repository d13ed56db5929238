import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** A command that does not outlive this process. */
export interface GuardedCommand {
  command: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string | undefined>;
  /** User and group that it runs as; absent: ours. */
  uid?: number;
  gid?: number;
  /** Where standard output and error go. */
  output: ['pipe', 'pipe'] | [number, number];
}

/**
 * Runs a command in a process group of its own, which ends with this process, even by a `kill -9`; see guard.mjs. Ctrl-C in the
 * terminal does not reach it. SIGTERM to the child asks the command to end.
 */
export function spawnGuarded(options: GuardedCommand): ChildProcess {
  const { command, args, cwd = ROOT, uid, gid } = options;
  const stdio: StdioOptions = ['pipe', ...options.output];
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'dev/portal/guard.mjs'),
      JSON.stringify({ command, args, uid, gid }),
    ],
    { cwd, env: { ...process.env, ...options.env }, detached: true, stdio },
  );
  // The pipe breaks when the command ends first.
  child.stdin?.on('error', () => {});
  return child;
}
