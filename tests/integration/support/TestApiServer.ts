/**
 * An API server of one test's own, with its etcd: to be killed, stopped and set back to an older state, which the development
 * clusters, that tests share, cannot be.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../dev/portal/freePort.ts';
import { BIN } from '../../../dev/portal/paths.ts';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 100;

interface Ports {
  api: number;
  client: number;
  peer: number;
}

/** etcd and kube-apiserver, nothing else. */
export class TestApiServer {
  readonly token = randomBytes(16).toString('hex');
  #processes: ChildProcess[] = [];
  readonly #folder: string;
  readonly #ports: Ports;
  readonly #flags: Readonly<Record<string, string>>;

  private constructor(
    folder: string,
    ports: Ports,
    flags: Readonly<Record<string, string>>,
  ) {
    this.#folder = folder;
    this.#ports = ports;
    this.#flags = flags;
  }

  /** @param flags - of kube-apiserver, besides ours */
  static async start(
    flags: Readonly<Record<string, string>> = {},
  ): Promise<TestApiServer> {
    const folder = mkdtempSync(join(tmpdir(), 'api-server-'));
    const [api, client, peer] = [
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const server = new TestApiServer(folder, { api, client, peer }, flags);
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const write = (name: string, text: string) =>
      writeFileSync(join(folder, name), text, { mode: 0o600 });
    write('accounts.key', privateKey);
    write('accounts.pub', publicKey);
    write('tokens.csv', `${server.token},admin,admin,"system:masters"\n`);
    await server.run();
    return server;
  }

  get port(): number {
    return this.#ports.api;
  }

  /** PEM; made by the API server at its first start. */
  get caData(): string {
    return readFileSync(
      join(this.#folder, 'certificates', 'apiserver.crt'),
      'utf8',
    );
  }

  /** PEM; of the API server's certificate, for who takes its place. */
  get keyData(): string {
    return readFileSync(
      join(this.#folder, 'certificates', 'apiserver.key'),
      'utf8',
    );
  }

  /** Starts what was killed, and waits until it is ready. */
  async run(): Promise<void> {
    const { client, peer, api } = this.#ports;
    const url = (port: number) => `http://127.0.0.1:${port}`;
    this.#spawn('etcd', {
      'data-dir': join(this.#folder, 'etcd'),
      'listen-client-urls': url(client),
      'advertise-client-urls': url(client),
      'listen-peer-urls': url(peer),
      'initial-advertise-peer-urls': url(peer),
      'initial-cluster': `default=${url(peer)}`,
      'unsafe-no-fsync': 'true',
    });
    this.#spawn('kube-apiserver', {
      'etcd-servers': url(client),
      'secure-port': String(api),
      'bind-address': '127.0.0.1',
      'cert-dir': join(this.#folder, 'certificates'),
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': join(this.#folder, 'accounts.pub'),
      'service-account-signing-key-file': join(this.#folder, 'accounts.key'),
      'service-cluster-ip-range': '10.0.0.0/24',
      'token-auth-file': join(this.#folder, 'tokens.csv'),
      'authorization-mode': 'RBAC',
      'endpoint-reconciler-type': 'none',
      'disable-admission-plugins': 'ServiceAccount',
      ...this.#flags,
    });
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    while (!(await this.#isReady())) {
      if (Date.now() > giveUpAt) throw new Error('The API server is not ready');
      await sleep(POLL_MS);
    }
  }

  /** Kills both; what was written stays. */
  async kill(): Promise<void> {
    const ends = this.#processes.map(process => {
      const hasEnded = process.exitCode !== null || process.signalCode !== null;
      const end = hasEnded ? undefined : once(process, 'exit');
      process.kill('SIGKILL');
      return end;
    });
    this.#processes = [];
    await Promise.all(ends);
  }

  /** Keeps a copy of what etcd holds; only while it is killed. */
  keepState(name: string): void {
    cpSync(join(this.#folder, 'etcd'), join(this.#folder, name), {
      recursive: true,
    });
  }

  /** Makes etcd hold what it held then; only while it is killed. */
  restoreState(name: string): void {
    rmSync(join(this.#folder, 'etcd'), { recursive: true });
    cpSync(join(this.#folder, name), join(this.#folder, 'etcd'), {
      recursive: true,
    });
  }

  /** The last lines that it wrote, and whether it still runs. */
  tail(lines = 30): string {
    const log = readFileSync(join(this.#folder, 'kube-apiserver.log'), 'utf8');
    const ends = this.#processes.map(
      ({ exitCode, signalCode }) => signalCode ?? exitCode ?? 'runs',
    );
    return [...log.trimEnd().split('\n').slice(-lines), ...ends].join('\n');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #spawn(program: string, flags: Record<string, string>) {
    const log = openSync(join(this.#folder, `${program}.log`), 'a');
    const kube = process.env.TEST_KUBE ?? join(BIN, 'kube');
    const args = Object.entries(flags).map(
      ([name, value]) => `--${name}=${value}`,
    );
    this.#processes.push(
      spawn(kube, [program, ...args], { stdio: ['ignore', log, log] }),
    );
  }

  #isReady(): Promise<boolean> {
    if (!existsSync(join(this.#folder, 'certificates', 'apiserver.crt'))) {
      return Promise.resolve(false);
    }
    return new Promise(resolve => {
      const ask = request(
        {
          host: '127.0.0.1',
          port: this.port,
          path: '/api/v1/namespaces/default',
          ca: this.caData,
          headers: { authorization: `Bearer ${this.token}` },
        },
        answer => {
          answer.resume();
          resolve(answer.statusCode === 200);
        },
      );
      ask.on('error', () => resolve(false));
      ask.end();
    });
  }
}
