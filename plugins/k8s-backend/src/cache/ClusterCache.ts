import { ServiceUnavailableError } from '@backstage/errors';
import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceKind } from '@backstage-k8s/plugin-k8s-node';
import { ChangeBudget } from '../history/ChangeBudget';
import { ChangeObserver } from '../history/ChangeObserver';
import type { DroppedChange, ObjectChange } from '../history/ObjectChange';
import type {
  ClusterConnection,
  ClusterConnections,
} from '../connection/ClusterConnection';
import type { CacheTimings } from './CacheTimings';
import { ClusterLiveness } from './ClusterLiveness';
import { KindCache } from './KindCache';
import { mostOf } from './mostOf';
import type { ListSlots } from './ListSlots';

// Tells readers of changes that a failure has lasted long enough to be shown.
const TICK_MS = 1_000;

const PRIORITY_OF_EVENTS = 9;
// Of what pages of all other kinds need; it is let go of last.
const CRITICAL_PRIORITY = 0;
const PRIORITY_BY_PLURAL: Record<string, number> = {
  namespaces: CRITICAL_PRIORITY,
  nodes: CRITICAL_PRIORITY,
  deployments: 1,
  replicasets: 2,
  pods: 2,
  events: PRIORITY_OF_EVENTS,
};
const PRIORITY_OF_OTHERS = 3;

/** What the cache of a cluster works with. */
export interface ClusterCacheOptions {
  cluster: string;
  connections: ClusterConnections;
  slots: ListSlots;
  timings: CacheTimings;
  /** Told when the cluster does not answer. */
  suspect: (cluster: string) => void;
  /** Whether so many bytes more may be taken in. */
  hasRoom: (bytes: number) => boolean;
  /** Told what somebody changed, also where that was too much to be looked at. Absent: nobody wants to know. */
  onChange?: (change: ObjectChange | DroppedChange) => void;
}

/** What is cached of one cluster. */
export class ClusterCache {
  readonly #cluster: string;
  readonly #connections: ClusterConnections;
  readonly #slots: ListSlots;
  readonly #timings: CacheTimings;
  readonly #onChange: ClusterCacheOptions['onChange'];
  readonly #hasRoom: ClusterCacheOptions['hasRoom'];
  readonly #budget = new ChangeBudget({ now: () => Date.now() });
  readonly #kinds = new Map<string, KindCache>();
  readonly #liveness: ClusterLiveness;
  readonly #stopped = new AbortController();
  readonly #ticker: NodeJS.Timeout;
  #generation: number | undefined;

  constructor(options: ClusterCacheOptions) {
    this.#cluster = options.cluster;
    this.#onChange = options.onChange;
    this.#hasRoom = options.hasRoom;
    this.#connections = options.connections;
    this.#slots = options.slots;
    this.#timings = options.timings;
    this.#liveness = new ClusterLiveness({
      timings: options.timings,
      probe: signal => this.#probe(signal),
      onLost: () => {
        options.suspect(options.cluster);
        for (const kind of this.#kinds.values()) kind.tick();
      },
      onBack: awayMs => {
        this.#renew({ relist: awayMs >= this.#timings.outageMs });
      },
      onBackwards: () => this.#renew({ relist: true }),
    });
    void this.#liveness.run(this.#stopped.signal);
    this.#ticker = setInterval(() => {
      for (const kind of this.#kinds.values()) kind.tick();
    }, TICK_MS).unref();
  }

  /** The kinds that are cached, by group, version and plural. */
  get kinds(): Iterable<KindCache> {
    return this.#kinds.values();
  }

  get isAway(): boolean {
    return this.#liveness.absence !== undefined;
  }

  /** The cache of a kind, undefined when nobody asked for it. */
  find(kind: ResourceKind): KindCache | undefined {
    return this.#kinds.get(kindKey(kind));
  }

  /** The cache of a kind; begins to read it when nobody has asked for it before, or it was let go of and there is room again. */
  kind({ cluster, group, version, plural }: ResourceKind): KindCache {
    const kind = { cluster, group, version, plural };
    const key = kindKey(kind);
    const known = this.#kinds.get(key);
    if (known) {
      known.kept.regain();
      return known;
    }
    const priority = priorityOf(kind);
    const tell = this.#onChange;
    const created = new KindCache({
      kind,
      observer:
        tell && ChangeObserver.for(kind, { budget: this.#budget, tell }),
      timings: this.#timings,
      reader: {
        connect: () => this.#connect(),
        reachable: signal => this.#liveness.reachable(signal),
        slot: signal => this.#slots.acquire(cluster, { priority, signal }),
      },
      absence: () => this.#liveness.absence,
      lastSeen: () => this.#liveness.lastSeen,
      // Events may have an etcd, and so versions, of their own.
      versionAt: time =>
        priority === PRIORITY_OF_EVENTS
          ? undefined
          : this.#liveness.versionAt(time),
      onFailure: ({ type }) => {
        if (type === 'passing' || type === 'silent') this.#liveness.suspect();
      },
      maxObjects: mostOf(kind),
      isCritical: priority === CRITICAL_PRIORITY,
      hasRoom: this.#hasRoom,
    });
    this.#kinds.set(key, created);
    return created;
  }

  /** Forgets the kinds that nobody asked for lately; while the cluster is away what we have is all there is. */
  sweep() {
    if (this.isAway) return;
    for (const [key, kind] of this.#kinds) {
      if (!kind.kept.isIdle(this.#timings.idleMs)) continue;
      kind.stop(new ServiceUnavailableError('It is not read any more'));
      this.#kinds.delete(key);
    }
  }

  /** The cluster's address or credential may have changed: then nothing of the old one is kept. */
  async refresh(): Promise<void> {
    await this.#connect().catch(() => undefined);
  }

  /** Ends it; readers of changes get the error thrown. */
  stop(error: Error) {
    this.#stopped.abort();
    clearInterval(this.#ticker);
    for (const kind of this.#kinds.values()) kind.stop(error);
    this.#kinds.clear();
  }

  #renew(options: { relist: boolean }) {
    for (const kind of this.#kinds.values()) kind.renew(options);
  }

  async #connect(): Promise<ClusterConnection> {
    const connection = await this.#connections.get(this.#cluster);
    const known = this.#generation;
    this.#generation = connection.generation;
    if (known !== undefined && known !== connection.generation) {
      for (const kind of this.#kinds.values()) kind.restart();
    }
    return connection;
  }

  async #probe(signal: AbortSignal): Promise<string | undefined> {
    const connection = await this.#connect();
    const response = await connection.request({
      // Small, in every cluster, and answered by etcd: an API server that has lost its etcd does not pass.
      path: '/api/v1/namespaces',
      query: { limit: 1 },
      signal,
      timeoutMs: this.#timings.probeTimeoutMs,
      probe: true,
    });
    const list = await response.json<{
      metadata?: { resourceVersion?: string };
    }>();
    return list.metadata?.resourceVersion;
  }
}

function kindKey({ group, version, plural }: ResourceKind): string {
  return `${group}/${version}/${plural}`;
}

function priorityOf(type: ResourceType): number {
  if (type.plural !== 'events' && !traitsOf(type)) return PRIORITY_OF_OTHERS;
  return PRIORITY_BY_PLURAL[type.plural] ?? PRIORITY_OF_OTHERS;
}
