import type { LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import pLimit from 'p-limit';
import type { ClusterStore, RegisteredCluster } from '../clusters/ClusterStore';
import type { ClusterConnections } from '../connection/ClusterConnection';
import { RowMirror } from '../database/RowMirror';
import { within } from '../workloads/within';
import { checkCluster, failedCheck } from './checkCluster';
import type { DatabaseHealthStore, StoredCheck } from './DatabaseHealthStore';
import type { HealthAnnouncer } from './HealthAnnouncer';
import type { ClusterCheck, HealthComponent } from './HealthCheck';
import type {
  HealthAudience,
  HealthMonitor,
  HealthSummary,
} from './HealthMonitor';
import { differs, healthTransitions } from './healthTransitions';

/** Milliseconds after which this instance has seen what another one checked, at the latest. */
const POLL_INTERVAL_MS = 2_000;
/** Checks at once; each is a handful of small requests. */
const PARALLEL = 32;
/** Checks at once of clusters that were away last time: these take their full five seconds and must not delay the others. */
const PARALLEL_AWAY = 16;
/** Milliseconds; many requests fail at once when a cluster goes away. */
const SUSPICION_PAUSE_MS = 1_000;
/** Milliseconds that the history is waited for. */
const HISTORY_WAIT_MS = 2_000;
/** How often a check is compared anew when another instance stored one meanwhile. */
const SAVE_ATTEMPTS = 3;

/** Checks clusters over their connections and keeps the outcome in the database. */
export class DefaultHealthMonitor implements HealthMonitor {
  readonly #store: DatabaseHealthStore;
  readonly #clusters: ClusterStore;
  readonly #connections: ClusterConnections;
  readonly #announcer: HealthAnnouncer;
  readonly #logger: LoggerService;
  readonly #mirror: RowMirror<StoredCheck>;
  readonly #listeners = new Set<(clusterId: string) => void>();
  readonly #running = new Map<string, Promise<ClusterCheck>>();
  readonly #suspected = new Map<string, NodeJS.Timeout>();
  readonly #lane = pLimit(PARALLEL);
  readonly #awayLane = pLimit(PARALLEL_AWAY);
  readonly #stopped = new AbortController();

  constructor(options: {
    store: DatabaseHealthStore;
    clusters: ClusterStore;
    connections: ClusterConnections;
    announcer: HealthAnnouncer;
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#clusters = options.clusters;
    this.#connections = options.connections;
    this.#announcer = options.announcer;
    this.#logger = options.logger;
    this.#mirror = new RowMirror({
      source: options.store,
      logger: options.logger,
      table: 'cluster_health',
      onChange: changes =>
        changes
          .filter(({ row, previous }) => differs(previous?.check, row?.check))
          .forEach(({ id }) => this.#listeners.forEach(tell => tell(id))),
    });
    this.#connections.onCircuit(id => this.suspect(id));
  }

  /** Reads what is known and follows it. @throws the database's error */
  async start(): Promise<void> {
    await this.#mirror.refresh();
    this.#mirror.start(POLL_INTERVAL_MS);
  }

  /** Stops following and checking. */
  stop(): void {
    this.#stopped.abort();
    this.#mirror.stop();
    this.#suspected.forEach(timer => clearTimeout(timer));
    this.#suspected.clear();
  }

  async get(
    clusterId: string,
    audience: HealthAudience = {},
  ): Promise<Schema<'ClusterHealth'>> {
    const check = this.#mirror.rows.get(clusterId)?.check;
    return this.#answer(clusterId, check, audience);
  }

  async check(
    clusterId: string,
    options: HealthAudience & { signal?: AbortSignal },
  ): Promise<Schema<'ClusterHealth'>> {
    const cluster = await this.#clusters.get(clusterId);
    const check = await this.#checkOnce(cluster);
    options.signal?.throwIfAborted();
    return this.#answer(clusterId, check, options);
  }

  /** Checks all clusters, in parallel; one that cannot be checked is logged. */
  async checkAll(): Promise<void> {
    const clusters = await this.#clusters.list();
    await Promise.all(
      clusters.map(cluster => {
        const last = this.#mirror.rows.get(cluster.id)?.check.status;
        const lane = last === 'unreachable' ? this.#awayLane : this.#lane;
        return lane(() => this.#checkQuietly(cluster));
      }),
    );
  }

  async summaries(): Promise<Map<string, HealthSummary>> {
    return new Map(
      [...this.#mirror.rows].map(([id, { check }]) => {
        const { status, reason, since, lastSeen, version } = check;
        return [id, { status, reason, since, lastSeen, version }];
      }),
    );
  }

  onChange(listener: (clusterId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  suspect(clusterId: string): void {
    if (this.#suspected.has(clusterId) || this.#stopped.signal.aborted) return;
    const timer = setTimeout(async () => {
      this.#suspected.delete(clusterId);
      const cluster = (await this.#clusters.list()).find(
        ({ id }) => id === clusterId,
      );
      if (cluster) await this.#checkQuietly(cluster);
    }, SUSPICION_PAUSE_MS);
    timer.unref();
    this.#suspected.set(clusterId, timer);
  }

  async #checkQuietly(cluster: RegisteredCluster) {
    if (this.#stopped.signal.aborted) return;
    try {
      await this.#checkOnce(cluster);
    } catch (error) {
      this.#logger.warn('The health of a cluster cannot be checked', {
        cluster: cluster.id,
        error: String(error),
      });
    }
  }

  /** Who asks while a check of the same cluster runs gets its outcome; a cluster that changed is checked anew. */
  #checkOnce(cluster: RegisteredCluster): Promise<ClusterCheck> {
    const key = `${cluster.id} ${cluster.generation}`;
    const running = this.#running.get(key);
    if (running) return running;
    const started = this.#checkNow(cluster).finally(() =>
      this.#running.delete(key),
    );
    this.#running.set(key, started);
    return started;
  }

  async #checkNow(cluster: RegisteredCluster): Promise<ClusterCheck> {
    const before = this.#mirror.rows.get(cluster.id);
    let check = await this.#look(cluster, before?.check);
    for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt++) {
      const previous = this.#mirror.rows.get(cluster.id);
      // Another instance may have noted the same status before.
      if (previous?.check.status === check.status) {
        check = { ...check, since: previous.check.since };
      }
      const isSaved = await this.#store.save(cluster.id, check, {
        revision: previous?.revision,
        transitions: healthTransitions(previous?.check, check),
      });
      await this.#mirror.refresh();
      if (isSaved) {
        await this.#announce(cluster, previous?.check, check);
        break;
      }
    }
    return check;
  }

  async #look(
    cluster: RegisteredCluster,
    previous: ClusterCheck | undefined,
  ): Promise<ClusterCheck> {
    const now = new Date();
    try {
      const connection = await this.#connections.get(cluster.id);
      return await checkCluster(connection, {
        previous,
        credentialExpiresAt: cluster.credentialExpiresAt,
        signal: this.#stopped.signal,
        now,
      });
    } catch (error) {
      // Without a credential that can be decrypted there is no connection.
      if (!isError(error) || error.name !== 'ServiceUnavailableError') {
        throw error;
      }
      return failedCheck(error.message, { previous, now });
    }
  }

  async #announce(
    cluster: RegisteredCluster,
    previous: ClusterCheck | undefined,
    check: ClusterCheck,
  ) {
    const from = previous?.status ?? 'unknown';
    if (from === check.status) return;
    this.#logger.info('The status of a cluster changed', {
      cluster: cluster.id,
      from,
      to: check.status,
    });
    await this.#announcer.announce(cluster, { from, check });
  }

  async #answer(
    clusterId: string,
    check: ClusterCheck | undefined,
    audience: HealthAudience,
  ): Promise<Schema<'ClusterHealth'>> {
    if (!check) return { status: 'unknown', components: [], history: [] };
    const { status, reason, since, checkedAt } = check;
    const [components, history] = await Promise.all([
      componentsFor(check.components, audience),
      this.#history(clusterId),
    ]);
    return {
      status,
      ...(reason !== undefined && { reason }),
      since,
      checkedAt,
      components,
      history,
    };
  }

  /** Empty while the database is away or slow: how the cluster is, is known without. */
  async #history(clusterId: string) {
    try {
      const history = this.#store.history(clusterId);
      return (await within(history, HISTORY_WAIT_MS)) ?? [];
    } catch (error) {
      this.#logger.warn('The history of a cluster cannot be read', {
        cluster: clusterId,
        error: String(error),
      });
      return [];
    }
  }
}

/** The components as they may be told: nodes are named only where that is allowed. */
async function componentsFor(
  components: readonly HealthComponent[],
  { mayNameNodes }: HealthAudience,
): Promise<Schema<'HealthComponent'>[]> {
  const names = components.some(
    ({ namingMessage }) => namingMessage !== undefined,
  );
  const isAllowed = names && mayNameNodes ? await mayNameNodes() : false;
  return components.map(({ namingMessage, ...component }) =>
    isAllowed && namingMessage !== undefined
      ? { ...component, message: namingMessage }
      : component,
  );
}
