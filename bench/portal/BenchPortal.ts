import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { embeddedKubeconfig } from '../../dev/portal/clusters/kubeconfig.ts';
import { freePort } from '../../dev/portal/freePort.ts';
import { ROOT } from '../../dev/portal/paths.ts';
import { startBackEnd } from '../../dev/portal/startBackEnd.ts';
import type { BackEnd } from '../../dev/portal/startBackEnd.ts';
import { createDatabase } from '../../tests/integration/support/createDatabase.ts';
import { HttpClient } from '../measure/HttpClient.ts';
import { processCpu, processMemory } from '../measure/processCpu.ts';
import { BENCH_HOME } from '../rig/ApiServer.ts';
import { SERVICES } from '../rig/contents.ts';
import type { ClusterAccess } from '../rig/Fleet.ts';

/** The id of the first key in app-config.yaml. */
const KEY_ID = 'local';
const WAIT_MS = 60_000;
const SHORTEST_POLL_MS = 5;
const ADMIN = 0;

/** What the measured process says of itself. */
export interface ProcessReport {
  rss: number;
  heapUsed: number;
  external: number;
  /** Of the event loop of the main thread, milliseconds. */
  delayMs: { p50: number; p99: number; max: number };
}

/** The measured back end: the portal's, with Backstage's kubernetes plugin in the same process; bench/backend. */
export class BenchPortal {
  readonly backEnd: BackEnd;
  readonly #folder: string;
  readonly #encryptionKey: string;
  readonly #database: string;
  readonly #tokens = new Map<number, Promise<string>>();
  readonly #anonymous: HttpClient;

  private constructor(
    backEnd: BackEnd,
    options: { folder: string; encryptionKey: string; database: string },
  ) {
    this.backEnd = backEnd;
    this.#folder = options.folder;
    this.#database = options.database;
    this.#encryptionKey = options.encryptionKey;
    this.#anonymous = new HttpClient({ url: backEnd.url });
  }

  /** @param name - of the stage it is for; its folder is kept until the next run, for its log. Needs TEST_POSTGRES_URL. */
  static async start(name: string): Promise<BenchPortal> {
    const folder = join(BENCH_HOME, 'portals', name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const write = (file: string, content: unknown) => {
      const path = join(folder, file);
      writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
      return path;
    };
    const services = Object.values(SERVICES).map(service => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: service.name,
        annotations: { 'backstage.io/kubernetes-id': service.name },
      },
      spec: { type: 'service', lifecycle: 'production', owner: 'bench' },
    }));
    const catalog = join(folder, 'catalog.yaml');
    writeFileSync(
      catalog,
      services.map(entity => JSON.stringify(entity)).join('\n---\n'),
    );
    const { url: database } = await createDatabase();
    const overlay = write('app-config.bench.yaml', {
      // As in production: with a hundred clusters, SQLite's writes would hold up the only thread that answers.
      backend: {
        database: {
          client: 'pg',
          pluginDivisionMode: 'schema',
          connection: database,
        },
      },
      catalog: {
        locations: [
          { type: 'file', target: catalog },
          // Those who sign in with a browser.
          {
            type: 'file',
            target: './dev/demo/catalog/people.yaml',
            rules: [{ allow: ['User', 'Group'] }],
          },
        ],
      },
      kubernetes: { serviceLocatorMethod: { type: 'multiTenant' } },
      k8s: {
        permission: {
          bindings: [
            { role: 'K8sAdmin', groups: ['group:default/bench'] },
            { role: 'K8sViewer', users: ['user:default/viewer'] },
          ],
        },
      },
    });
    const encryptionKey = randomBytes(32).toString('base64');
    // To find out what limits a figure: profiles of the CPU of each thread, beside the log.
    const profiles = process.env.BENCH_PROFILE && join(folder, 'profiles');
    if (profiles) mkdirSync(profiles);
    const backEnd = await startBackEnd({
      entry: 'bench/backend/src/index.ts',
      port: await freePort(),
      data: join(folder, 'data'),
      log: join(folder, 'back-end.log'),
      configs: ['app-config.yaml', 'app-config.demo.yaml', overlay],
      nodeOptions: [
        '--expose-gc',
        ...(profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : []),
      ],
      env: {
        ...(profiles && { BENCH_PROFILES: profiles }),
        K8S_ENCRYPTION_KEY: encryptionKey,
        BENCH_PLUGIN_CLUSTERS: write('plugin-clusters.json', []),
        // Theirs writes a line per request at this level; neither is to be slowed down by writing.
        LOG_LEVEL: 'warn',
        // As it is installed: in development every answer is checked against the contract.
        NODE_ENV: 'production',
        NODE_OPTIONS: '',
      },
    });
    const portal = new BenchPortal(backEnd, {
      ...{ folder, encryptionKey, database },
    });
    await portal.#untilCatalogIsRead();
    return portal;
  }

  get url(): string {
    return this.backEnd.url;
  }

  /** CPU-seconds so far. */
  cpu(): number {
    return processCpu(this.#pid);
  }

  /** Resident memory, bytes. */
  memory(): number {
    return processMemory(this.#pid);
  }

  /** What the process says of itself since the last {@link reset}. */
  report(): Promise<ProcessReport> {
    return this.#anonymous.json('GET /api/bench/process');
  }

  /** Collects garbage and forgets the delays so far. */
  async reset(): Promise<void> {
    await this.#anonymous.call('POST /api/bench/process/reset');
  }

  /** A client of one of the users `bench-0`, `bench-1` … */
  async client(
    user = ADMIN,
    options?: { connections?: number },
  ): Promise<HttpClient> {
    const token = await this.token(user);
    return new HttpClient({ url: this.url, token }, options);
  }

  /** A user's token. */
  token(user: number): Promise<string> {
    const known = this.#tokens.get(user) ?? this.#signIn(user);
    this.#tokens.set(user, known);
    return known;
  }

  /** Registers a cluster as people do. @returns its id */
  async register(access: ClusterAccess): Promise<string> {
    const client = await this.client();
    try {
      const kubeconfig = embeddedKubeconfig({ ...access, user: 'ours' });
      const { id } = await client.json<{ id: string }>(
        'POST /api/k8s/clusters',
        { body: { name: access.name, kubeconfig } },
      );
      return id;
    } finally {
      client.close();
    }
  }

  /** Forgets a cluster. */
  async remove(id: string): Promise<void> {
    const client = await this.client();
    await client.call(`DELETE /api/k8s/clusters/${id}?confirm=true`);
    client.close();
  }

  /** Forgets all clusters. */
  async removeAll(): Promise<void> {
    for (const id of (await this.clusters()).values()) await this.remove(id);
  }

  /** Adds clusters past the check that each is another one; see seedClusters.ts. Waits until the portal has seen them. */
  async seed(clusters: ClusterAccess[]): Promise<void> {
    if (clusters.length === 0) return;
    const file = join(this.#folder, 'seed.json');
    const seed = {
      database: this.#database,
      encryptionKey: { id: KEY_ID, secret: this.#encryptionKey },
      clusters,
    };
    writeFileSync(file, JSON.stringify(seed), { mode: 0o600 });
    await promisify(execFile)(
      process.execPath,
      [
        '--require',
        join(ROOT, 'node_modules/@backstage/cli-node/config/nodeTransform.cjs'),
        join(ROOT, 'bench/portal/seedClusters.ts'),
        file,
      ],
      { cwd: join(ROOT, 'bench/backend') },
    );
    rmSync(file);
    const names = clusters.map(({ name }) => name);
    await until('the clusters are seen', async () => {
      const known = await this.clusters();
      return names.every(name => known.has(name));
    });
  }

  /** Tells Backstage's kubernetes plugin all its clusters. */
  tellPlugin(clusters: ClusterAccess[]): void {
    const details = clusters.map(access => ({
      name: access.name,
      url: access.server,
      caData: Buffer.from(access.certificateAuthority).toString('base64'),
      // It would ask for usage, and for all pods once more.
      skipMetricsLookup: true,
      authMetadata: {
        'kubernetes.io/auth-provider': 'serviceAccount',
        serviceAccountToken: access.token,
      },
    }));
    writeFileSync(
      join(this.#folder, 'plugin-clusters.json'),
      JSON.stringify(details),
      { mode: 0o600 },
    );
  }

  /** Ids by name. */
  async clusters(): Promise<Map<string, string>> {
    const client = await this.client();
    try {
      const { clusters } = await client.json<{
        clusters: { id: string; name: string }[];
      }>('GET /api/k8s/clusters');
      return new Map(clusters.map(({ id, name }) => [name, id]));
    } finally {
      client.close();
    }
  }

  async stop(): Promise<void> {
    this.#anonymous.close();
    await this.backEnd.stop();
  }

  get #pid(): number {
    const { pid } = this.backEnd.process;
    if (pid === undefined) throw new Error('The back end is not running');
    return pid;
  }

  async #signIn(user: number): Promise<string> {
    const { backstageIdentity } = await this.#anonymous.json<{
      backstageIdentity: { token: string };
    }>(`GET /api/auth/k8s-demo/refresh?user=bench-${user}`);
    return backstageIdentity.token;
  }

  async #untilCatalogIsRead() {
    const client = await this.client();
    await until('the catalog is read', async () => {
      const answers = await Promise.all(
        Object.values(SERVICES).map(({ name }) =>
          client.ask(
            `GET /api/catalog/entities/by-name/component/default/${name}`,
          ),
        ),
      );
      return answers.every(({ status }) => status === 200);
    });
    client.close();
  }
}

/** Milliseconds that first lists may take: a limit against hanging, not a measure. */
export const SYNC_WITHIN_MS = 600_000;

/**
 * Waits for something. It is looked for after each fiftieth of the time that has passed, which is how well the time it took is known:
 * to be asked is work, too.
 *
 * @param options - `withinMs`: a minute by default
 */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  { withinMs = WAIT_MS }: { withinMs?: number } = {},
): Promise<void> {
  const start = performance.now();
  while (!(await holds())) {
    const passedMs = performance.now() - start;
    if (passedMs > withinMs) {
      throw new Error(`Waited ${withinMs} ms in vain until ${what}`);
    }
    await sleep(Math.max(SHORTEST_POLL_MS, passedMs / 50));
  }
}
