/**
 * Runs a command, and ends it with everything that it has started when whoever started this program is gone, however it went: the
 * other end of standard input is closed even by a `kill -9`. It has to be started as the leader of a process group.
 *
 * Usage: node guard.mjs '{"command": "yarn", "args": ["install"]}', with uid and gid if the command is to run as somebody else.
 */
import { spawn } from 'node:child_process';

const { command, args, ...options } = JSON.parse(process.argv[2]);
const endAll = () => process.kill(-process.pid, 'SIGKILL');

process.stdin.on('end', endAll).on('error', endAll).resume();

const child = spawn(command, args, {
  ...options,
  stdio: ['ignore', 'inherit', 'inherit'],
});
// Asked to end, it asks the command, and goes when that has gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT']) {
  process.on(signal, () => child.kill(signal));
}
child.once('error', error => {
  console.error(`${command} could not be started: ${error.message}`);
  process.exit(127);
});
child.once('exit', (code, signal) => {
  process.exit(code ?? (signal ? 1 : 0));
});
