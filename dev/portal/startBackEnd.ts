import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endedBadly } from './endedBadly.ts';
import { CLONE, ROOT } from './paths.ts';

/** How a back end is run. */
export interface BackEndOptions {
  /** File that starts it, below the clone; absent: the portal's. */
  entry?: string;
  port: number;
  /** Folder of its SQLite files. */
  data: string;
  /** File that gets its output. */
  log: string;
  /** Configuration files, later ones over earlier ones; absolute, or below the clone. */
  configs: string[];
  /** Added to the environment; undefined takes a variable out. */
  env?: Record<string, string | undefined>;
  /** Options of Node, e.g. `--expose-gc`. */
  nodeOptions?: string[];
}

/** A running back end. */
export interface BackEnd {
  url: string;
  process: ChildProcess;
  /** Waits until it answers. @throws Problem with the end of its log when it ends before that */
  untilReady(): Promise<void>;
  /** Resolves with the exit status when it ends, whoever ended it. */
  ended: Promise<number | null>;
  /** Asks it to end and waits; kills it when it does not. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 250;

/** Starts the portal's back end from source and waits until it is ready. @throws Problem with the end of its log if it ends first */
export async function startBackEnd(options: BackEndOptions): Promise<BackEnd> {
  const backEnd = spawnBackEnd(options);
  await backEnd.untilReady();
  return backEnd;
}

/** Starts the portal's back end from source, without waiting until it is ready. */
export function spawnBackEnd(options: BackEndOptions): BackEnd {
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
      ...(options.nodeOptions ?? []),
      options.entry ?? 'packages/backend/src/index.ts',
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
        // Compiling thousands of modules takes seconds of every start.
        NODE_COMPILE_CACHE: join(CLONE, 'cache/node'),
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
    untilReady: () => waitUntilReady(backEnd, options.log),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(late);
    },
  };
  return backEnd;
}

async function waitUntilReady(backEnd: BackEnd, log: string): Promise<void> {
  const giveUp = new AbortController();
  const outcome = await Promise.race([
    untilAnswers(backEnd.url, giveUp.signal).then(() => 'ready'),
    backEnd.ended.then(() => 'ended while it started'),
    sleep(READY_TIMEOUT_MS, 'did not become ready', giveUp),
  ]);
  giveUp.abort();
  if (outcome === 'ready') return;
  await backEnd.stop();
  throw endedBadly(`The back end ${outcome}`, log);
}

/** Waits until the back end at a URL is ready, or the signal is given. */
export async function untilAnswers(
  url: string,
  signal?: AbortSignal,
): Promise<void> {
  while (!signal?.aborted && !(await isReady(url))) await sleep(POLL_MS);
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
