import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterProcesses } from './ClusterProcesses.ts';
import { processInformation } from './processInformation.ts';

function newCluster() {
  const folder = mkdtempSync(join(tmpdir(), 'portal-processes-'));
  mkdirSync(join(folder, 'run'));
  return {
    folder,
    processes: new ClusterProcesses(folder),
    record: (name: string, pid: number | undefined) =>
      writeFileSync(join(folder, 'run', `${name}.pid`), `${pid}\n`),
  };
}

const started: ChildProcess[] = [];

/** A process in a group of its own, whose command line says what is given. */
function startProcess(says: string) {
  const child = spawn('sh', ['-c', 'sleep 300; :', says], {
    detached: true,
    stdio: 'ignore',
  });
  started.push(child);
  return child;
}

afterEach(() => {
  for (const { pid, exitCode, signalCode } of started.splice(0)) {
    if (pid && exitCode === null && !signalCode) process.kill(-pid, 'SIGKILL');
  }
});

test('a process that took the id of one of the cluster gets no signal', async () => {
  const { processes, record } = newCluster();
  const foreign = startProcess('something else');
  for (const name of ['etcd', 'keeper']) record(name, foreign.pid);
  assert.deepEqual(processes.running(), []);
  assert.equal(processes.keeper(), undefined);
  processes.signal('SIGKILL');
  processes.signalKeeper('SIGKILL');
  // Long enough for a signal to arrive.
  await sleep(200);
  assert.ok(processInformation(foreign.pid!));
});

test('a process of the cluster is frozen, goes on and ends', async () => {
  const { folder, processes, record } = newCluster();
  const [etcd, kwok] = [startProcess(folder), startProcess(folder)];
  record('etcd', etcd.pid);
  record('kwok', kwok.pid);
  await processes.freeze('etcd');
  assert.deepEqual(
    processes.running().map(({ name, isStopped }) => [name, isStopped]),
    [
      ['etcd', true],
      ['kwok', false],
    ],
  );
  processes.signal('SIGCONT');
  assert.ok(processes.running().every(({ isStopped }) => !isStopped));
  assert.equal(await processes.untilGone(100), false);
  processes.signal('SIGKILL');
  assert.equal(await processes.untilGone(10_000), true);
});

test('the owner is read from the keeper', async () => {
  const { folder, processes, record } = newCluster();
  assert.equal(processes.owner(), undefined);
  const keeper = startProcess(`keep --dir ${folder} --owner 123`);
  record('keeper', keeper.pid);
  assert.equal(processes.keeper(), keeper.pid);
  assert.equal(processes.owner(), 123);
});
