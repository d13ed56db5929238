/** `./portal` as a user runs it: what it starts ends with it, however it goes, and its closing line tells what the tests did. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { processInformation } from '../../dev/portal/clusters/processInformation.ts';
import { demoToken } from '../../dev/portal/demoToken.ts';
import { freePort, isFree } from '../../dev/portal/freePort.ts';
import { portalCommand } from './support/portalCommand.ts';

/** A fresh clone builds Kubernetes meanwhile. */
const STARTED_WITHIN_MS = 1_800_000;
const GONE_WITHIN_MS = 30_000;
const TEST_FILE = `dev/portal/closing-line-${process.pid}.test.ts`;

interface Portal {
  process: ChildProcess;
  home: string;
  port: number;
  /** All that it has printed so far. */
  output(): string;
}

const homes: string[] = [];
const portals: ChildProcess[] = [];

afterEach(() => {
  for (const portal of portals.splice(0)) portal.kill('SIGKILL');
});

after(() => {
  rmSync(TEST_FILE, { force: true });
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'portal-home-'));
  homes.push(home);
  return home;
}

/** Runs `./portal` with a home and a port of its own. */
async function portal(
  args: string[],
  options: { home?: string; port?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Portal> {
  const { home = newHome(), port = await freePort(), env } = options;
  const child = spawn('./portal', args, {
    env: {
      ...process.env,
      PORTAL_HOME: home,
      PORTAL_PORT: String(port),
      // That of the tests around this one is not its own.
      PORTAL_CLUSTER_OWNER: undefined,
      NODE_TEST_CONTEXT: undefined,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  portals.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text;
    });
  }
  return { process: child, home, port, output: () => output };
}

async function ended({ process: child }: Portal): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, 'close');
  }
  return child.exitCode;
}

async function until(
  what: string,
  options: { within: number; portal: Portal },
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + options.within;
  while (!(await holds())) {
    const { output } = options.portal;
    assert.ok(Date.now() < deadline, `not ${what}:\n${output()}`);
    await sleep(200);
  }
}

/** All that runs for a home: its own processes name it in their command line or their environment. */
function processesOf(home: string): string[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter(entry => {
      const information = processInformation(Number(entry));
      if (!information) return false;
      return (
        information.command.includes(home) ||
        environmentOf(entry).includes(`PORTAL_HOME=${home}`)
      );
    })
    .map(entry => `${entry} ${processInformation(Number(entry))?.command}`);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** The ports that a portal and its clusters listen on. */
function portsOf({ home, port }: Portal): number[] {
  const clusters = ['dev-eu', 'dev-us'].map(name =>
    join(home, 'clusters', name, 'cluster.json'),
  );
  return [
    port,
    ...clusters
      .filter(file => existsSync(file))
      .flatMap(file =>
        Object.values(JSON.parse(readFileSync(file, 'utf8')).ports),
      ),
  ] as number[];
}

async function untilAllIsGone(started: Portal): Promise<void> {
  const options = { within: GONE_WITHIN_MS, portal: started };
  await until('ended', options, () => processesOf(started.home).length === 0);
  for (const port of portsOf(started)) {
    assert.ok(await isFree(port), `something listens on ${port}`);
  }
}

/** Waits until the portal has printed a text. */
async function untilSaid(text: string, started: Portal): Promise<void> {
  const options = { within: STARTED_WITHIN_MS, portal: started };
  await until(`said: ${text}`, options, () => {
    assert.equal(started.process.exitCode, null, started.output());
    return started.output().includes(text);
  });
}

async function startedWithClusters(home?: string): Promise<Portal> {
  const started = await portal(['start'], { home });
  await untilSaid('All is there', started);
  assert.equal(portsOf(started).length, 13);
  return started;
}

async function registered(started: Portal): Promise<string[]> {
  const url = `http://localhost:${started.port}`;
  const answer = await fetch(`${url}/api/k8s/clusters`, {
    headers: { Authorization: `Bearer ${await demoToken(url, 'admin')}` },
  });
  const { clusters } = await answer.json();
  return clusters.map(({ name }: { name: string }) => name).sort();
}

test('what start has started ends with Ctrl-C, and is there again after a restart', async () => {
  const first = await startedWithClusters();
  assert.deepEqual(await registered(first), ['dev-eu', 'dev-us']);
  const progress = JSON.parse(
    readFileSync(join(first.home, 'run/demo-clusters.json'), 'utf8'),
  );
  assert.deepEqual(
    progress.map(({ state }: { state: string }) => state),
    ['ready', 'ready'],
  );
  first.process.kill('SIGINT');
  assert.equal(await ended(first), 0);
  await untilAllIsGone(first);

  const second = await startedWithClusters(first.home);
  assert.deepEqual(await registered(second), ['dev-eu', 'dev-us']);
  second.process.kill('SIGKILL');
  await ended(second);
  await untilAllIsGone(second);
});

test('a cluster that was frozen or brought back meanwhile ends with the portal, too', async () => {
  const started = await startedWithClusters();
  const options = { home: started.home, port: started.port };
  for (const args of [
    ['cluster', 'kill', 'dev-us'],
    ['cluster', 'up', 'dev-us'],
    ['cluster', 'pause', 'dev-eu'],
  ]) {
    const command = await portal(args, options);
    assert.equal(await ended(command), 0, command.output());
  }
  started.process.kill('SIGKILL');
  await ended(started);
  await untilAllIsGone(started);
});

test('without development clusters the portal says where to register one', async () => {
  const started = await portal(['start', '--no-demo']);
  await untilSaid('/k8s/register', started);
  assert.deepEqual(await registered(started), []);
  assert.ok(!existsSync(join(started.home, 'clusters')));
  const key = join(started.home, 'secrets/encryption-key');
  assert.equal(statSync(key).mode & 0o777, 0o600);

  for (const args of [['start', '--no-demo'], ['dev']]) {
    const again = await portal(args, { home: started.home });
    assert.equal(await ended(again), 1);
    assert.match(again.output(), /running already/);
  }
});

test('the cluster of a kubeconfig is registered, once', async () => {
  const home = newHome();
  const file = join(home, 'kubeconfig');
  writeFileSync(file, await portalCommand('cluster', 'kubeconfig', 'dev-eu'));
  const args = ['start', '--no-demo', '--kubeconfig', file];
  for (const outcome of ['registered as dev-eu', 'already, as dev-eu']) {
    const started = await portal(args, { home });
    await untilSaid('✔ Register your own cluster', started);
    assert.match(started.output(), new RegExp(outcome));
    assert.deepEqual(await registered(started), ['dev-eu']);
    started.process.kill('SIGINT');
    await ended(started);
  }
});

test('what is in the way is said in one sentence', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1').unref();
  await once(server, 'listening');
  const cases: [
    string[],
    { port?: number; env?: NodeJS.ProcessEnv },
    RegExp,
  ][] = [
    [['start', '--no-demo'], { port }, /Port \d+ is taken/],
    [['start', '--kubeconfig', '/no/such'], {}, /no file \/no\/such/],
    [['start', '--what'], {}, /--what': see .\/portal help/],
    [
      ['start', '--no-demo'],
      { env: { PORTAL_PORT: 'soon' } },
      /PORTAL_PORT is "soon"/,
    ],
    [
      ['start', '--no-demo'],
      { env: { PORTAL_HOME: '/dev/null/home' } },
      /\/dev\/null\/home\S* cannot be used/,
    ],
    [['dance'], {}, /dance/],
    [['constructor'], {}, /constructor/],
    [['token', 'root'], {}, /viewer, operator, admin, owner/],
    [['token', 'viewer', 'more'], {}, /viewer, operator, admin, owner/],
    [['cluster', 'up', 'mars'], {}, /dev-eu or dev-us/],
    [['cluster', 'list', 'dev-eu'], {}, /list does not take dev-eu/],
    [['cluster', 'kill', 'dev-eu', 'etcd'], {}, /kill does not take etcd/],
    [['cluster', 'down', 'dev-eu', '--role', 'viewer'], {}, /take --role/],
    [['cluster', 'pause', 'dev-eu', 'moon'], {}, /process is etcd/],
    [['cluster', 'pause', 'dev-eu'], {}, /dev-eu is not running/],
    [['cluster', 'resume', 'dev-eu', 'etcd'], {}, /dev-eu is not running/],
    [['cluster', 'kubeconfig', 'dev-eu'], {}, /dev-eu is not running/],
  ];
  for (const [args, options, sentence] of cases) {
    const refused = await portal(args, options);
    assert.equal(await ended(refused), 1, args.join(' '));
    assert.match(refused.output(), sentence);
    assert.equal(refused.output().trim().split('\n').length, 1);
  }
  server.close();
});

async function closingLine(content: string) {
  writeFileSync(TEST_FILE, content);
  const run = await portal(['test', 'unit', TEST_FILE]);
  const status = await ended(run);
  return { status, line: run.output().trim().split('\n').at(-1) };
}

const IMPORT = "import { test } from 'node:test';\n";

test('a test that fails and one that is skipped change the closing line and the exit status', async () => {
  const passes = `${IMPORT}test('passes', () => {});\n`;
  assert.deepEqual(await closingLine(passes), {
    status: 0,
    line: '1 passed, 0 failed, 0 skipped',
  });
  assert.deepEqual(
    await closingLine(
      `${passes}test('fails', () => { throw new Error(); });\ntest.skip('waits', () => {});\n`,
    ),
    { status: 1, line: '1 passed, 1 failed, 1 skipped' },
  );
});

test('a file that breaks, and a choice that matches nothing, count as failures', async () => {
  assert.deepEqual(await closingLine(`${IMPORT}process.exit(3);\n`), {
    status: 1,
    line: '0 passed, 1 failed, 0 skipped',
  });
  rmSync(TEST_FILE);
  const run = await portal(['test', 'unit', TEST_FILE]);
  assert.equal(await ended(run), 1);
  assert.match(run.output(), /^0 passed, 1 failed, 0 skipped$/m);
});

test('what the tests have started ends when they are killed', async () => {
  writeFileSync(
    TEST_FILE,
    `${IMPORT}import { setTimeout } from 'node:timers/promises';
test('waits', async () => { console.log('it runs'); await setTimeout(600_000); });\n`,
  );
  const run = await portal(['test', 'unit', TEST_FILE]);
  const options = { within: STARTED_WITHIN_MS, portal: run };
  await until('running', options, () =>
    processesOf(run.home).some(
      command =>
        command.includes('--test-reporter') && command.includes(TEST_FILE),
    ),
  );
  assert.ok(
    processesOf(run.home).some(command => /bin\/postgres/.test(command)),
  );
  run.process.kill('SIGKILL');
  await ended(run);
  await untilAllIsGone(run);
});
