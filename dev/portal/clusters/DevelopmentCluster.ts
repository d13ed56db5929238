import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../Problem.ts';
import { endedBadly } from '../endedBadly.ts';
import { BIN, ROOT } from '../paths.ts';
import { choosePorts, takenPorts } from './choosePorts.ts';
import type { ClusterPorts } from './choosePorts.ts';
import { clusterFiles } from './clusterFiles.ts';
import type { ClusterFiles } from './clusterFiles.ts';
import { ClusterProcesses } from './ClusterProcesses.ts';
import type { ProcessName } from './ClusterProcesses.ts';
import { CLUSTERS } from './clusterTable.ts';
import type { ClusterRow } from './clusterTable.ts';
import { prepareContainers, removeContainers } from './containers.ts';
import { componentKubeconfig, embeddedKubeconfig } from './kubeconfig.ts';
import { KubernetesClient, KubernetesError } from './KubernetesClient.ts';
import { nodes } from './nodes.ts';
import { processPlans } from './processPlans.ts';

/** Whose access a kubeconfig gives: a service account of dev/clusters/roles.yaml, or the administrator's token. */
export const KUBECONFIG_ROLES = [
  'portal',
  'viewer',
  'operator',
  'admin',
  'cluster-admin',
] as const;

/** One of them. */
export type KubeconfigRole = (typeof KUBECONFIG_ROLES)[number];

/** What a cluster is doing; `absent` when it was never made. */
export type ClusterState = 'absent' | 'stopped' | 'running' | 'paused';

/** The service accounts, and the controllers that give them tokens, take a moment. */
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 15_000;
const PORTS_TIMEOUT_MS = 3_000;
const POLL_MS = 100;

interface Description {
  ports: ClusterPorts;
  adminToken: string;
}

/** A development cluster: a folder, and while it is up, a keeper and the processes that it runs. */
export class DevelopmentCluster {
  readonly row: ClusterRow;
  readonly files: ClusterFiles;
  readonly processes: ClusterProcesses;

  /** @param home - folder of the portal that it belongs to; absent: the one of this process */
  constructor(row: ClusterRow, home?: string) {
    this.row = row;
    this.files = clusterFiles(row.name, home);
    this.processes = new ClusterProcesses(this.files.folder);
  }

  /** @throws Problem when the table has no cluster of that name */
  static named(name: string | undefined, home?: string): DevelopmentCluster {
    const row = CLUSTERS.find(candidate => candidate.name === name);
    if (!row) {
      const names = CLUSTERS.map(candidate => candidate.name).join(' or ');
      throw new Problem(`Say which cluster: ${names}.`);
    }
    return new DevelopmentCluster(row, home);
  }

  get name(): string {
    return this.row.name;
  }

  /** URL of the API server. */
  get server(): string {
    return `https://127.0.0.1:${this.#description().ports.apiServer}`;
  }

  /** Certificate authority of the API server, PEM. */
  get certificateAuthority(): string {
    return readFileSync(this.#certificate('ca.crt'), 'utf8');
  }

  state(): ClusterState {
    if (!existsSync(this.files.description)) return 'absent';
    const running = this.processes.running();
    if (running.length === 0) return 'stopped';
    return running.some(({ isStopped }) => isStopped) ? 'paused' : 'running';
  }

  /**
   * Starts the cluster, making it first when it was never up, and waits until it can be used: nodes and service accounts are there.
   * One that runs is left as it is; a paused one is resumed.
   *
   * @param options.owner - process whose end ends the cluster; absent: it stays until it is taken down
   * @param options.controllersMayFollow - do not wait for the controller manager and the scheduler: after a kill they start to work when
   *   the leases of those before have run out, a quarter of a minute later
   * @throws Problem when it does not start
   */
  async up(
    options: { owner?: number; controllersMayFollow?: boolean } = {},
  ): Promise<void> {
    if (this.processes.keeper() === undefined) {
      await this.#create();
      await this.#startKeeper(options.owner);
    }
    this.resume();
    await this.#waitUntilReady();
    await this.#furnish();
    if (!options.controllersMayFollow) await this.#untilControllersWork();
  }

  /** Ends all processes; the data stays. */
  async down(): Promise<void> {
    if (this.processes.keeper() === undefined) return this.kill();
    this.processes.signalKeeper('SIGTERM');
    if (!(await this.processes.untilGone(STOP_TIMEOUT_MS))) await this.kill();
    removeContainers(this.files);
    return undefined;
  }

  /** Freezes all processes, or one. The keeper goes on, so that a frozen cluster ends with its owner. */
  pause(only?: ProcessName): Promise<void> {
    return this.processes.freeze(only);
  }

  /** Undoes a pause. */
  resume(only?: ProcessName): void {
    this.processes.signal('SIGCONT', only);
  }

  /** Ends all processes at once, as a power cut would. */
  async kill(): Promise<void> {
    // The keeper first: it would start the others again.
    this.processes.signalKeeper('SIGKILL');
    this.processes.signal('SIGKILL');
    await this.processes.untilGone(STOP_TIMEOUT_MS);
    removeContainers(this.files);
  }

  /** Ends one process at once; the keeper starts it again. */
  killProcess(name: ProcessName): void {
    this.processes.signal('SIGKILL', name);
  }

  /** A client with the administrator's token. */
  client(): KubernetesClient {
    return new KubernetesClient(this.#access(this.#description().adminToken));
  }

  /** @throws Problem when it does not run, or this one process does not; a frozen one runs */
  checkRuns(only?: ProcessName): void {
    const running = this.processes.running();
    if (running.some(({ name }) => !only || name === only)) return;
    const what = only && running.length > 0 ? `${only} of ${this.name}` : '';
    throw new Problem(
      `${what || this.name} is not running: ./portal cluster up ${
        this.name
      } starts it.`,
    );
  }

  /** A kubeconfig that can be registered as it is. @throws Problem when the cluster is not up */
  async kubeconfig(role: KubeconfigRole = 'portal'): Promise<string> {
    this.checkRuns();
    if (this.state() === 'paused') {
      throw new Problem(
        `${this.name} is paused: ./portal cluster resume ${this.name} goes on.`,
      );
    }
    const token =
      role === 'cluster-admin'
        ? this.#description().adminToken
        : await this.#accountToken(role);
    return embeddedKubeconfig({ ...this.#access(token), user: role });
  }

  async #create(): Promise<void> {
    mkdirSync(this.files.logs, { recursive: true, mode: 0o700 });
    if (!existsSync(this.files.description)) {
      const description: Description = {
        ports: await choosePorts(this.files.folder),
        adminToken: randomBytes(32).toString('hex'),
      };
      this.#write(this.files.description, JSON.stringify(description, null, 2));
    }
    const { ports, adminToken } = this.#description();
    const taken = await this.#takenPort(ports);
    if (taken) {
      throw new Problem(
        `Port ${taken} of ${this.name} is taken: end what listens there, or remove ${this.files.folder} to make the cluster anew.`,
      );
    }
    execFileSync(join(BIN, 'kube'), [
      'certificates',
      '--dir',
      this.files.certificates,
    ]);
    this.#write(
      this.files.tokens,
      `${adminToken},cluster-admin,cluster-admin,"system:masters"\n`,
    );
    for (const component of [
      'kube-controller-manager',
      'kube-scheduler',
      'kwok',
    ]) {
      this.#write(
        this.files.kubeconfig(component),
        componentKubeconfig({
          name: component,
          server: this.server,
          certificateAuthorityFile: this.#certificate('ca.crt'),
          certificateFile: this.#certificate(`${component}.crt`),
          keyFile: this.#certificate(`${component}.key`),
        }),
      );
    }
    const programs = prepareContainers(this.files);
    const processes = processPlans({
      ...{ name: this.name, files: this.files },
      ...{ ports, programs },
    });
    this.#write(this.files.processes, JSON.stringify({ processes }, null, 2));
  }

  /** One of the ports that something listens on. A killed process may hold its own for a moment after it was last seen. */
  async #takenPort(ports: ClusterPorts): Promise<number | undefined> {
    const deadline = Date.now() + PORTS_TIMEOUT_MS;
    for (;;) {
      const [taken] = await takenPorts(ports);
      if (!taken || Date.now() > deadline) return taken;
      await sleep(POLL_MS);
    }
  }

  async #startKeeper(owner?: number): Promise<void> {
    const log = openSync(this.files.keeperLog, 'a');
    const keeper = spawn(
      join(BIN, 'kube'),
      [
        ...['keep', '--dir', this.files.folder],
        ...(owner ? ['--owner', String(owner)] : []),
      ],
      {
        cwd: this.files.folder,
        // Programs that run for `kubectl exec` see this, too: nothing of the user's environment.
        env: { PATH: process.env.PATH, HOME: this.files.folder },
        // A session of its own: Ctrl-C in the terminal does not reach it.
        detached: true,
        stdio: ['ignore', log, log],
      },
    );
    closeSync(log);
    keeper.unref();
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (this.processes.keeper() === undefined) {
      if (keeper.exitCode !== null || Date.now() > deadline) {
        throw this.#notStarted(this.files.keeperLog);
      }
      await sleep(POLL_MS);
    }
  }

  async #waitUntilReady(): Promise<void> {
    await this.#until('kube-apiserver', () =>
      this.client().call('GET', '/readyz'),
    );
  }

  /** What makes an empty cluster usable. It is put back at every start, so that a start mends it. */
  async #furnish(): Promise<void> {
    const client = this.client();
    await client.applyFile(join(ROOT, 'dev/clusters/roles.yaml'));
    for (const { node, status } of nodes(this.row)) {
      await client.apply(node);
      await client.apply(status, '/status');
    }
    await this.#until('kube-controller-manager', () =>
      this.#accountToken('portal'),
    );
    await this.#until('kwok', async () => {
      const { items } = await client.call<{ items: NodeStatus[] }>(
        'GET',
        '/api/v1/nodes',
      );
      if (!items.every(isReady)) throw new Error('nodes are not ready');
    });
  }

  /** A controller that works renews its lease every two seconds. */
  async #untilControllersWork(): Promise<void> {
    const since = Date.now();
    for (const name of ['kube-controller-manager', 'kube-scheduler'] as const) {
      await this.#until(name, async () => {
        const { spec } = await this.client().call<{
          spec: { renewTime: string };
        }>(
          'GET',
          `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${name}`,
        );
        if (Date.parse(spec.renewTime) < since) throw new Error('not renewed');
      });
    }
  }

  async #accountToken(role: string): Promise<string> {
    const secret = await this.client().call<{ data?: { token?: string } }>(
      'GET',
      `/api/v1/namespaces/backstage-k8s/secrets/${role}`,
    );
    if (!secret.data?.token) throw new KubernetesError(404, 'no token yet');
    return Buffer.from(secret.data.token, 'base64').toString();
  }

  /** Tries until it succeeds. @throws Problem with the end of the process's log when it does not in time, or the keeper is gone */
  async #until(
    blamed: ProcessName,
    attempt: () => Promise<unknown>,
  ): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    for (;;) {
      try {
        await attempt();
        return;
      } catch {
        if (this.processes.keeper() === undefined) {
          throw this.#notStarted(this.files.keeperLog);
        }
        if (Date.now() > deadline) {
          throw this.#notStarted(join(this.files.logs, `${blamed}.log`));
        }
      }
      await sleep(POLL_MS);
    }
  }

  #notStarted(log: string): Problem {
    return endedBadly(`${this.name} did not start`, log);
  }

  #access(token: string) {
    return {
      name: this.name,
      server: this.server,
      certificateAuthority: this.certificateAuthority,
      token,
      user: 'cluster-admin',
    };
  }

  #certificate(file: string): string {
    return join(this.files.certificates, file);
  }

  #description(): Description {
    return JSON.parse(readFileSync(this.files.description, 'utf8'));
  }

  #write(file: string, content: string): void {
    writeFileSync(file, content, { mode: 0o600 });
  }
}

interface NodeStatus {
  status?: { conditions?: { type: string; status: string }[] };
}

function isReady({ status }: NodeStatus): boolean {
  return (
    status?.conditions?.some(
      condition => condition.type === 'Ready' && condition.status === 'True',
    ) ?? false
  );
}
