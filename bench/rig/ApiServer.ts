/**
 * A real API server with its etcd, nothing else: no controller and no scheduler, so what is written stays as it is written. What it
 * holds is kept between runs.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { choosePorts } from '../../dev/portal/clusters/choosePorts.ts';
import type { ClusterPorts } from '../../dev/portal/clusters/choosePorts.ts';
import { Problem } from '../../dev/portal/Problem.ts';
import { BIN, CLONE } from '../../dev/portal/paths.ts';
import { tailOf } from '../../dev/portal/runLogged.ts';
import { spawnGuarded } from '../../dev/portal/spawnGuarded.ts';
import { HttpClient } from '../measure/HttpClient.ts';

/** Whose requests are told apart in the audit log. */
export const CALLERS = ['raw', 'ours', 'plugin'] as const;

/** One of them. */
export type Caller = (typeof CALLERS)[number];

/** Where everything of the benchmark is kept. */
export const BENCH_HOME = join(CLONE, 'bench');

const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 50;
/** Attempts to take the place of one that was ended, and milliseconds between two. */
const RESTARTS = 5;
const RESTART_PAUSE_MS = 300;
/** Bytes; XL has 2 GB of pods and as much of their history. */
const ETCD_QUOTA = 16 * 1024 ** 3;

/** Lists, watches and reviews of the two that are compared, once each. */
const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'Metadata',
      users: ['ours', 'plugin'],
      verbs: ['list', 'watch', 'create', 'get'],
    },
    { level: 'None' },
  ],
};

interface Description {
  ports: ClusterPorts;
  tokens: Record<Caller, string>;
}

export class ApiServer {
  readonly folder: string;
  readonly name: string;
  #description?: Description;
  #etcd?: ChildProcess;
  #server?: ChildProcess;

  /** @param name - of its folder below `.portal/bench` */
  constructor(name: string) {
    this.name = name;
    this.folder = join(BENCH_HOME, name);
  }

  /** Forgets all it holds; only while it is stopped. */
  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get url(): string {
    return `https://127.0.0.1:${this.#known.ports.apiServer}`;
  }

  /** PEM; made by the API server at its first start. */
  get ca(): string {
    return readFileSync(
      join(this.folder, 'certificates/apiserver.crt'),
      'utf8',
    );
  }

  get auditLog(): string {
    return join(this.folder, 'audit.log');
  }

  token(caller: Caller): string {
    return this.#known.tokens[caller];
  }

  /** A client with a cluster administrator's rights. @param options - `url`: of a proxy before it */
  client(
    caller: Caller = 'raw',
    options: { connections?: number; url?: string } = {},
  ): HttpClient {
    const { url = this.url, connections } = options;
    const target = { url, ca: this.ca, token: this.token(caller) };
    return new HttpClient(target, { connections });
  }

  /** @throws Problem when it does not become ready */
  async start(): Promise<void> {
    await this.#describe();
    this.#startEtcd();
    this.#startServer();
    await this.untilReady();
  }

  async stop(): Promise<void> {
    await this.#end(this.#server);
    await this.#end(this.#etcd);
  }

  /** Ends the API server at once and starts it again; etcd goes on. */
  async restart(): Promise<void> {
    await this.#kill(this.#server);
    for (let tries = 1; ; tries += 1) {
      this.#startServer();
      try {
        return await this.untilReady();
      } catch (error) {
        // On a busy machine the guard may be gone a moment before what it guards, which has the port.
        const hasEnded = this.#server?.exitCode !== null;
        if (!hasEnded || tries === RESTARTS) throw error;
        await sleep(RESTART_PAUSE_MS);
      }
    }
  }

  /** @throws Problem */
  async untilReady(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await this.#isReady())) {
      const hasEnded = this.#server?.exitCode !== null;
      if (hasEnded || Date.now() > deadline) {
        const log = tailOf(join(this.folder, 'kube-apiserver.log'));
        throw new Problem(`The API server ${this.name} is not ready:\n${log}`);
      }
      await sleep(POLL_MS);
    }
  }

  get #known(): Description {
    if (!this.#description) throw new Error(`${this.name} is not started`);
    return this.#description;
  }

  async #describe() {
    const file = join(this.folder, 'description.json');
    if (!existsSync(file)) {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const token = () => randomBytes(16).toString('hex');
      const made: Description = {
        ports: await choosePorts(this.folder),
        tokens: { raw: token(), ours: token(), plugin: token() },
      };
      const { privateKey, publicKey } = generateKeyPairSync('rsa', {
        modulusLength: 2048,
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      });
      const tokens = CALLERS.map(
        caller =>
          `${made.tokens[caller]},${caller},${caller},"system:masters"\n`,
      );
      this.#write('accounts.key', privateKey);
      this.#write('accounts.pub', publicKey);
      this.#write('tokens.csv', tokens.join(''));
      this.#write('audit-policy.yaml', JSON.stringify(AUDIT_POLICY));
      this.#write('description.json', JSON.stringify(made));
    }
    this.#description = JSON.parse(readFileSync(file, 'utf8'));
  }

  #write(name: string, text: string) {
    writeFileSync(join(this.folder, name), text, { mode: 0o600 });
  }

  #startEtcd() {
    const { etcd, etcdPeer } = this.#known.ports;
    const url = (port: number) => `http://127.0.0.1:${port}`;
    this.#etcd = this.#spawn('etcd', {
      'data-dir': join(this.folder, 'etcd'),
      'listen-client-urls': url(etcd),
      'advertise-client-urls': url(etcd),
      'listen-peer-urls': url(etcdPeer),
      'initial-advertise-peer-urls': url(etcdPeer),
      'initial-cluster': `default=${url(etcdPeer)}`,
      'quota-backend-bytes': ETCD_QUOTA,
      // It is a benchmark of what is before it, and no power cut will be survived.
      'unsafe-no-fsync': true,
      'log-level': 'warn',
    });
  }

  #startServer() {
    const file = (name: string) => join(this.folder, name);
    const { etcd, apiServer } = this.#known.ports;
    rmSync(this.auditLog, { force: true });
    this.#server = this.#spawn('kube-apiserver', {
      'etcd-servers': `http://127.0.0.1:${etcd}`,
      'secure-port': apiServer,
      'bind-address': '127.0.0.1',
      'cert-dir': file('certificates'),
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': file('accounts.pub'),
      'service-account-signing-key-file': file('accounts.key'),
      'service-cluster-ip-range': '10.96.0.0/16',
      'token-auth-file': file('tokens.csv'),
      'authorization-mode': 'RBAC',
      'audit-policy-file': file('audit-policy.yaml'),
      'audit-log-path': this.auditLog,
      'endpoint-reconciler-type': 'none',
      'disable-admission-plugins': 'ServiceAccount',
      'enable-garbage-collector': false,
      profiling: false,
    });
  }

  #spawn(program: string, flags: Record<string, string | number | boolean>) {
    const log = openSync(join(this.folder, `${program}.log`), 'a');
    const child = spawnGuarded({
      command: join(BIN, 'kube'),
      args: [
        program,
        ...Object.entries(flags).map(([key, value]) => `--${key}=${value}`),
      ],
      output: [log, log],
    });
    closeSync(log);
    return child;
  }

  async #isReady(): Promise<boolean> {
    if (!existsSync(join(this.folder, 'certificates/apiserver.crt'))) {
      return false;
    }
    const client = this.client();
    try {
      const { status } = await client.ask('GET /readyz', { timeoutMs: 2_000 });
      return status === 200;
    } catch {
      return false;
    } finally {
      client.close();
    }
  }

  async #end(child: ChildProcess | undefined) {
    if (!child || child.exitCode !== null || child.signalCode) return;
    child.kill('SIGTERM');
    const late = setTimeout(() => this.#kill(child), STOP_TIMEOUT_MS);
    await gone(child);
    clearTimeout(late);
  }

  /** The guard ends the whole group when its input ends. */
  async #kill(child: ChildProcess | undefined) {
    if (!child || child.exitCode !== null || child.signalCode) return;
    child.stdin?.end();
    await gone(child);
  }
}

function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode) return Promise.resolve();
  return new Promise(resolve => {
    child.once('exit', () => resolve());
  });
}
