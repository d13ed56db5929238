import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from './Problem.ts';
import { ROOT } from './paths.ts';
import { tailOf } from './runLogged.ts';

/** How a back end is run. */
export interface BackEndOptions {
  port: number;
  /** Folder of its SQLite files. */
  data: string;
  /** File that gets its output. */
  log: string;
  /** Configuration files, later ones over earlier ones; absolute, or below the clone. */
  configs: string[];
  /** Added to the environment; undefined takes a variable out. */
  env?: Record<string, string | undefined>;
  /** Start, without waiting until it answers. */
  doNotWait?: boolean;
}

/** A running back end. */
export interface BackEnd {
  url: string;
  process: ChildProcess;
  /** Resolves with the exit status when it ends, whoever ended it. */
  ended: Promise<number | null>;
  /** Asks it to end and waits; kills it when it does not. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 250;

/**
 * Starts the portal's back end from source and waits until it is ready.
 *
 * @throws Problem with the end of its log when it ends before that
 */
export async function startBackEnd(options: BackEndOptions): Promise<BackEnd> {
  mkdirSync(options.data, { recursive: true });
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, 'a');
  const child = spawn(
    process.execPath,
    [
      '--require',
      join(ROOT, 'dev/portal/endWithParent.cjs'),
      '--require',
      join(ROOT, 'node_modules/@backstage/cli-node/config/nodeTransform.cjs'),
      '--enable-source-maps',
      'packages/backend/src/index.ts',
      ...options.configs.flatMap(config => [
        '--config',
        resolvePath(ROOT, config),
      ]),
    ],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'development',
        PORTAL_PORT: String(options.port),
        PORTAL_DATA: options.data,
        ...options.env,
      },
      // A process group of its own: Ctrl-C reaches ./portal alone, which then ends things in order.
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    },
  );
  closeSync(log);
  // The source transform tells of each file that it reads; an unread channel would fill up.
  child.on('message', () => {});
  const ended = new Promise<number | null>(resolve => {
    child.once('exit', code => resolve(code));
  });
  const backEnd: BackEnd = {
    url: `http://localhost:${options.port}`,
    process: child,
    ended,
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(late);
    },
  };
  if (!options.doNotWait) await waitUntilReady(backEnd, options.log);
  return backEnd;
}

async function waitUntilReady(backEnd: BackEnd, log: string): Promise<void> {
  let hasEnded = false;
  void backEnd.ended.then(() => {
    hasEnded = true;
  });
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!hasEnded && Date.now() < deadline) {
    if (await isReady(backEnd.url)) return;
    await sleep(POLL_MS);
  }
  if (!hasEnded) await backEnd.stop();
  throw new Problem(
    `The back end ${
      hasEnded ? 'ended while it started' : 'did not become ready'
    }:\n${tailOf(log)}`,
  );
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/.backstage/health/v1/readiness`);
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
