import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What the system tells of a process. */
export interface ProcessInformation {
  /** Program and arguments, with spaces between. */
  command: string;
  /** Frozen by SIGSTOP. */
  isStopped: boolean;
}

/** Looks at a process; undefined when there is none of that id, or it only waits for its parent to notice its end. */
export function processInformation(
  pid: number,
): ProcessInformation | undefined {
  try {
    const { command, state } =
      process.platform === 'linux' ? readProc(pid) : askPs(pid);
    if (state.startsWith('Z') || state.startsWith('X')) return undefined;
    return { command, isStopped: state.startsWith('T') };
  } catch {
    return undefined;
  }
}

/** See proc_pid_stat(5): the state follows the program's name, which may hold spaces and parentheses. */
function readProc(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return {
    state: stat.slice(stat.lastIndexOf(')') + 2),
    command: command.replaceAll('\0', ' '),
  };
}

function askPs(pid: number) {
  const line = execFileSync(
    'ps',
    ['-ww', '-o', 'stat=,args=', '-p', String(pid)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  ).trim();
  const [state] = line.split(/\s/, 1);
  return { state, command: line.slice(state.length).trim() };
}
