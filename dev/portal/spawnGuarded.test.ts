import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { processInformation } from './clusters/processInformation.ts';
import { runForStatus, runLogged } from './runLogged.ts';

const folder = mkdtempSync(join(tmpdir(), 'portal-guard-'));
const log = join(folder, 'log');

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
    await sleep(50);
  }
}

test('a command and what it has started end when the script is killed', async () => {
  const pids = join(folder, 'pids');
  const script = `
    import { runForStatus } from ${JSON.stringify(
      join(import.meta.dirname, 'runLogged.ts'),
    )};
    await runForStatus({
      command: 'sh',
      args: ['-c', ${JSON.stringify(
        `sleep 300 & echo $! > ${pids}.new; echo $$ >> ${pids}.new; mv ${pids}.new ${pids}; wait`,
      )}],
      log: ${JSON.stringify(log)},
    });`;
  const parent = spawn(
    process.execPath,
    ['--input-type=module-typescript', '--eval', script],
    { stdio: 'ignore' },
  );
  await until('the command runs', () => existsSync(pids));
  const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
  assert.equal(started.length, 2);
  assert.ok(started.every(pid => processInformation(pid)));
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await until('both are gone', () =>
    started.every(pid => !processInformation(pid)),
  );
});

test('the status of a command is told', async () => {
  const run = (script: string) =>
    runForStatus({ command: 'sh', args: ['-c', script], log });
  assert.equal(await run('exit 0'), 0);
  assert.equal(await run('exit 7'), 7);
  assert.notEqual(await run('kill -9 $$'), 0);
  assert.notEqual(
    await runForStatus({ command: 'no-such-program', args: [], log }),
    0,
  );
});

test('an error shows the end of the log, or what is known of its cause', async () => {
  const run = (script: string) =>
    runLogged({ command: 'sh', args: ['-c', script], log });
  await assert.rejects(run('echo the reason; exit 1'), /the reason/);
  await assert.rejects(
    run('echo "npm ERR! ENOSPC: no space left on device"; exit 1'),
    /disk is full/,
  );
  await assert.rejects(
    run('echo "getaddrinfo ENOTFOUND registry.invalid"; exit 1'),
    /check the network/,
  );
});
