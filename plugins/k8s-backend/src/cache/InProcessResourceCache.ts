import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  ListResult,
  ObjectReference,
  ResourceChange,
  ResourceKind,
  ResourceQuery,
  RowChange,
  RowQuery,
  TableQuery,
  TableResult,
  ViewQuery,
} from '@backstage-k8s/plugin-k8s-node';
import type { ClusterCalls } from '../connection/CallCounter';
import type { ClusterConnections } from '../connection/ClusterConnection';
import { plainMessage } from '../errors/clusterErrors';
import { matcherOf } from '../resources/matcherOf';
import { ChangeBatches } from '../history/ChangeBatches';
import type { ChangeListener } from '../history/ObjectChange';
import { trimmedCopy } from '../resources/redactObject';
import { kindPath } from '../resources/resourcePath';
import { kindNotFound } from '../resources/resourceReference';
import { checkVersion, compareVersions } from '../resources/resourceVersion';
import type { KindStatus } from './CacheStatus';
import type { CacheTimings } from './CacheTimings';
import { DEFAULT_TIMINGS } from './CacheTimings';
import { ClusterCache } from './ClusterCache';
import type { KindCache } from './KindCache';
import { ListSlots } from './ListSlots';
import type { KeptKind } from './memory/KeptKind';
import { MemoryCeiling } from './memory/MemoryCeiling';
import type { MemorySettings, Warn } from './memory/MemoryCeiling';
import { MemoryLedger } from './memory/MemoryLedger';
import type { CacheMemory } from './memory/MemoryLedger';
import { packRows } from './packRows';
import { reasonOf } from './readFailure';
import type { CacheReadOptions, ResourceCache } from './ResourceCache';
import { rowMatcherOf } from './selectRows';
import { readView } from './views/readView';
import type { ViewUpdate } from './views/readView';
import { VIEWS } from './views/viewTable';

/** A new one each time: its bytes may be handed over to another thread. */
const nothingCached = (): TableResult => ({
  ...{ rows: packRows([]), total: 0, health: {} },
  ...{ hasMore: false, cache: { state: 'live' } },
});

/** Its own, without a ceiling. */
const unlimited = (): MemorySettings => ({
  ceilingBytes: Number.POSITIVE_INFINITY,
  memory: MemoryLedger.memory(1),
  thread: 0,
});

/** The cache in the memory and thread of this process. */
export class InProcessResourceCache implements ResourceCache {
  readonly #connections: ClusterConnections;
  readonly #suspect: (cluster: string) => void;
  readonly #timings: CacheTimings;
  readonly #slots = new ListSlots();
  readonly #clusters = new Map<string, ClusterCache>();
  readonly #ceiling: MemoryCeiling;
  readonly #sweeper: NodeJS.Timeout;
  readonly #looker: NodeJS.Timeout;
  readonly #stopListening: () => void;
  readonly #warn: Warn;
  readonly #heard: ChangeBatches | undefined;
  /** What views hold of their rows. */
  #viewBytes = 0;

  constructor(options: {
    connections: ClusterConnections;
    /** Told when a cluster does not answer any more. */
    suspect?: (cluster: string) => void;
    /** Told what somebody changed in clusters; absent: nobody wants to know. */
    onChanges?: ChangeListener;
    timings?: Partial<CacheTimings>;
    /** How much it may hold; absent: there is no ceiling. */
    memory?: MemorySettings;
    /** Told of what an administrator should know. */
    onWarning?: Warn;
  }) {
    this.#heard = options.onChanges && new ChangeBatches(options.onChanges);
    this.#connections = options.connections;
    this.#warn = options.onWarning ?? (() => {});
    this.#suspect = options.suspect ?? (() => {});
    this.#timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.#ceiling = new MemoryCeiling({
      settings: options.memory ?? unlimited(),
      kinds: () => this.#keptKinds(),
      besides: () => this.#viewBytes,
      timings: this.#timings,
      warn: this.#warn,
    });
    this.#looker = setInterval(
      () => this.#ceiling.look(),
      this.#timings.memoryLookMs,
    ).unref();
    this.#sweeper = setInterval(
      () => this.#sweep(),
      this.#timings.sweepIntervalMs,
    ).unref();
    this.#stopListening = options.connections.onChange(
      ({ cluster, action }) => {
        if (action === 'removed') this.#forget(cluster);
        else void this.#clusters.get(cluster)?.refresh();
      },
    );
  }

  async get(
    reference: ObjectReference,
    options: CacheReadOptions,
  ): Promise<{ object?: KubernetesObject; cache: CacheState } | undefined> {
    const { namespace, name } = reference;
    // One object is no reason to read all of a kind that we know nothing of.
    const kind = traitsOf(reference)
      ? await this.#kind(reference)
      : this.#clusters.get(reference.cluster)?.find(reference);
    if (!kind?.isSynced) return undefined;
    const isRecent = await this.#reaches(kind, options, () =>
      kind.answers.versionOf(namespace, name),
    );
    if (!isRecent) return undefined;
    return { object: kind.answers.get(namespace, name), cache: kind.state() };
  }

  async list(
    query: ResourceQuery,
    options: CacheReadOptions,
  ): Promise<ListResult | undefined> {
    matcherOf(query);
    const kind = await this.#kind(query);
    kind.kept.touch();
    await this.#synced(kind, query, options.signal);
    if (!(await this.#reaches(kind, options))) return undefined;
    const listed = kind.answers.list(query);
    return listed && { ...listed, cache: kind.state() };
  }

  async table(
    query: TableQuery,
    options: CacheReadOptions,
  ): Promise<TableResult | undefined> {
    rowMatcherOf(query);
    if (query.find?.onlyCached) {
      const there = this.#clusters.get(query.cluster)?.find(query);
      const known = there?.isSynced ? there.answers.table(query) : undefined;
      return there && known
        ? { ...known, cache: there.state() }
        : nothingCached();
    }
    const kind = await this.#kind(query);
    kind.kept.touch();
    await this.#synced(kind, query, options.signal);
    if (!(await this.#reaches(kind, options))) return undefined;
    const page = kind.answers.table(query);
    if (page) return { ...page, cache: kind.state() };
    // Whoever types a text asks many clusters with each letter; reading all of a kind for that is too much for them.
    if (query.find) throw kind.kept.error();
    return undefined;
  }

  async *watchRows(
    query: RowQuery,
    options: { signal: AbortSignal },
  ): AsyncGenerator<RowChange> {
    const kind = await this.#kind(query);
    yield* kind.watchRows(query, options);
  }

  async *watch(
    query: ResourceQuery,
    options: { signal: AbortSignal },
  ): AsyncGenerator<ResourceChange> {
    const kind = await this.#kind(query);
    yield* kind.watch(query, options);
  }

  async *watchView(
    { view, cluster, parts }: ViewQuery,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<ViewUpdate> {
    const definition = Object.hasOwn(VIEWS, view) ? VIEWS[view] : undefined;
    if (!definition) throw new InputError(`There is no view ${view}`);
    const sources = await Promise.all(
      Object.entries(parts).map(async ([name, query]) => {
        const kind = await this.#kind(query);
        return [name, { query, source: kind.viewSource() }] as const;
      }),
    );
    yield* readView(definition, {
      ...{ cluster, signal },
      onHeld: bytes => {
        this.#viewBytes += bytes;
      },
      parts: Object.fromEntries(sources),
    });
  }

  async touch(kind: ResourceKind, _: { signal: AbortSignal }): Promise<void> {
    const { kept } = await this.#kind(kind);
    kept.touch();
    kept.touchObjects();
    kept.regainObjects({ isUrgent: false });
  }

  put(kind: ResourceKind, object: KubernetesObject): void {
    this.#takeIn(kind, cached =>
      cached.put(trimmedCopy(kind, object), object.metadata.managedFields),
    );
  }

  remove({ namespace, name, ...kind }: ObjectReference, uid: string): void {
    this.#takeIn(kind, cached =>
      cached.remove({ metadata: { namespace, name, uid } }),
    );
  }

  /** Never throws: what was written is in the cluster, whatever the cluster answered. */
  #takeIn(kind: ResourceKind, take: (cached: KindCache) => void) {
    const { cluster, plural } = kind;
    const cached = this.#clusters.get(cluster)?.find(kind);
    if (!cached) return;
    try {
      take(cached);
    } catch (error) {
      this.#warn('What a change was answered with cannot be kept', {
        ...{ cluster, plural, reason: plainMessage(reasonOf(error)) },
      });
    }
  }

  state(kind: ResourceKind): CacheState | undefined {
    return this.#clusters.get(kind.cluster)?.find(kind)?.state();
  }

  async kinds(): Promise<KindStatus[]> {
    return [...this.#clusters.values()].flatMap(cluster =>
      [...cluster.kinds].map(kind => kind.status()),
    );
  }

  async calls(): Promise<ClusterCalls[]> {
    return [];
  }

  async memory(): Promise<CacheMemory> {
    return this.#ceiling.status();
  }

  stop(): void {
    clearInterval(this.#sweeper);
    clearInterval(this.#looker);
    this.#stopListening();
    for (const cluster of this.#clusters.values()) {
      cluster.stop(new ServiceUnavailableError('The portal is shutting down'));
    }
    this.#clusters.clear();
    this.#ceiling.stop();
    this.#heard?.stop();
  }

  /** @throws NotFoundError for a cluster that is not registered, InputError for a kind that cannot be */
  async #kind(kind: ResourceKind): Promise<KindCache> {
    const { cluster } = kind;
    kindPath(kind);
    const known = this.#clusters.get(cluster);
    if (known) return known.kind(kind);
    await this.#connections.get(cluster);
    const heard = this.#heard;
    // Somebody else may have been faster.
    const begun =
      this.#clusters.get(cluster) ??
      new ClusterCache({
        cluster,
        connections: this.#connections,
        slots: this.#slots,
        timings: this.#timings,
        suspect: this.#suspect,
        hasRoom: bytes => this.#ceiling.hasRoom(bytes),
        onChange: heard && (change => heard.add(change)),
      });
    this.#clusters.set(cluster, begun);
    return begun.kind(kind);
  }

  *#keptKinds(): Iterable<KeptKind> {
    for (const { kinds } of this.#clusters.values()) {
      for (const { kept } of kinds) yield kept;
    }
  }

  /**
   * Waits for the first synchronisation, unless the kind is not kept. A list that has been arriving for so long is not waited for
   * with each of its pages again: what there is of it is answered.
   */
  async #synced(kind: KindCache, query: ResourceQuery, signal: AbortSignal) {
    const isDropped = () => kind.kept.keeps === 'nothing';
    if (isDropped()) return;
    // What was there when the cluster still had the kind is of no use to anybody.
    if (kind.failure?.isAbsent) throw kindNotFound(query);
    if (kind.isSynced) return;
    const isDecided = () =>
      kind.isSynced || isDropped() || kind.failure?.type === 'refused';
    const leftMs = Math.max(0, this.#timings.syncWaitMs - kind.arrivingMs);
    const timeout = AbortSignal.timeout(Math.ceil(leftMs));
    await kind.until(isDecided, {
      signal: AbortSignal.any([signal, timeout]),
    });
    signal.throwIfAborted();
    if (kind.isSynced || isDropped()) return;
    if (kind.failure?.isAbsent) throw kindNotFound(query);
    const { message } = kind.state();
    if (message !== undefined) throw new ServiceUnavailableError(message);
  }

  /** Waits a moment for a version; the object that is asked for may be there in that version before the rest is. */
  async #reaches(
    kind: KindCache,
    { minimumVersion, signal }: CacheReadOptions,
    known: () => string | undefined = () => undefined,
  ): Promise<boolean> {
    if (minimumVersion === undefined || kind.kept.keeps === 'nothing')
      return true;
    const wanted = checkVersion(minimumVersion);
    const isThere = () => {
      const version = known();
      return (
        kind.answers.hasReached(wanted) ||
        (version !== undefined && compareVersions(version, wanted) >= 0)
      );
    };
    const timeout = AbortSignal.timeout(this.#timings.versionWaitMs);
    return kind.until(isThere, { signal: AbortSignal.any([signal, timeout]) });
  }

  #forget(cluster: string) {
    const known = this.#clusters.get(cluster);
    this.#clusters.delete(cluster);
    known?.stop(new NotFoundError('The cluster is not registered any more'));
  }

  #sweep() {
    for (const [id, cluster] of this.#clusters) {
      cluster.sweep();
      const [any] = cluster.kinds;
      if (any || cluster.isAway) continue;
      this.#clusters.delete(id);
      cluster.stop(new ServiceUnavailableError('It is not read any more'));
    }
  }
}
