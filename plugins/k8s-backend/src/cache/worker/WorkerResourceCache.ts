/**
 * The cache in worker threads, so that reading clusters never holds up requests. A worker owns whole clusters; each cluster
 * goes to the worker that has fewest. A worker that ends by a fault is started again, and whoever waited for it is told to try again.
 */
import { Worker } from 'node:worker_threads';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  ClusterCredential,
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
import { credentialError } from '../../authentication/RememberedCredential';
import type { AccessSource } from '../../connection/DefaultClusterConnections';
import type { ClusterCalls } from '../../connection/CallCounter';
import type { ChangeListener } from '../../history/ObjectChange';
import type { KindStatus } from '../CacheStatus';
import { cacheMemory } from '../memory/MemoryCeiling';
import { MemoryLedger } from '../memory/MemoryLedger';
import type { CacheMemory } from '../memory/MemoryLedger';
import { checkVersion } from '../../resources/resourceVersion';
import type { CacheReadOptions, ResourceCache } from '../ResourceCache';
import type { CredentialQuestion, WorkerSettings } from './protocol';
import type { ViewUpdate } from '../views/readView';
import { WorkerChannel } from './WorkerChannel';

/** Milliseconds until a worker that ended by a fault is started again; one that ends at once must not keep a core busy. */
const RESTART_MS = 1_000;

/** One worker, and the clusters that it was told of. */
interface Slot {
  channel: WorkerChannel;
  /** Generation by cluster id. */
  pushed: Map<string, number>;
}

/** The caches of all clusters, in worker threads. */
export class WorkerResourceCache implements ResourceCache {
  readonly #access: AccessSource;
  readonly #suspect: (cluster: string) => void;
  readonly #onChanges: ChangeListener;
  readonly #logger: LoggerService;
  readonly #startWorker: (thread: number) => Worker;
  readonly #memory: SharedArrayBuffer;
  readonly #ceilingBytes: number;
  readonly #slots: Slot[];
  /** Index of the slot by cluster id. */
  readonly #homes = new Map<string, number>();
  readonly #stopListening: () => void;
  #isStopped = false;

  constructor(options: {
    access: AccessSource;
    /** How many threads; at least 1. */
    workers: number;
    settings: Omit<WorkerSettings, 'memory' | 'tellsChanges'>;
    /** Bytes that all workers may hold together; default: there is no ceiling. */
    ceilingBytes?: number;
    /** Told when a cluster does not answer any more. */
    suspect?: (cluster: string) => void;
    /** Told what somebody changed in clusters; absent: nobody wants to know. */
    onChanges?: ChangeListener;
    logger: LoggerService;
    /** Default: the worker of this package. */
    startWorker?: (settings: WorkerSettings) => Worker;
  }) {
    this.#access = options.access;
    this.#suspect = options.suspect ?? (() => {});
    this.#onChanges = options.onChanges ?? (() => {});
    this.#logger = options.logger;
    const start = options.startWorker ?? startCacheWorker;
    const ceilingBytes = options.ceilingBytes ?? Number.POSITIVE_INFINITY;
    const memory = MemoryLedger.memory(options.workers);
    this.#ceilingBytes = ceilingBytes;
    this.#memory = memory;
    this.#startWorker = thread =>
      start({
        ...options.settings,
        memory: { ceilingBytes, memory, thread },
        tellsChanges: options.onChanges !== undefined,
      });
    this.#slots = Array.from({ length: options.workers }, (_, index) =>
      this.#newSlot(index),
    );
    this.#stopListening = options.access.onChange(({ cluster, action }) => {
      const slot = this.#slotIfAny(cluster);
      if (!slot) return;
      if (action === 'removed') this.#forget(slot, cluster);
      else this.#refresh(slot, cluster);
    });
  }

  async get(
    reference: ObjectReference,
    options: CacheReadOptions,
  ): Promise<{ object?: KubernetesObject; cache: CacheState } | undefined> {
    return this.#call('get', reference, options);
  }

  async list(
    query: ResourceQuery,
    options: CacheReadOptions,
  ): Promise<ListResult | undefined> {
    return this.#call('list', query, options);
  }

  async table(
    query: TableQuery,
    options: CacheReadOptions,
  ): Promise<TableResult | undefined> {
    return this.#call('table', query, options);
  }

  async *watch(
    query: ResourceQuery,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<ResourceChange> {
    const { channel } = await this.#slotOf(query.cluster);
    yield* channel.stream<ResourceChange>('watch', query, signal);
  }

  async *watchRows(
    query: RowQuery,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<RowChange> {
    const { channel } = await this.#slotOf(query.cluster);
    yield* channel.stream<RowChange>('watchRows', query, signal);
  }

  async *watchView(
    query: ViewQuery,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<ViewUpdate> {
    const { channel } = await this.#slotOf(query.cluster);
    yield* channel.stream<ViewUpdate>('watchView', query, signal);
  }

  async touch(
    { cluster, group, version, plural }: ResourceKind,
    options: { signal: AbortSignal },
  ): Promise<void> {
    return this.#call('touch', { cluster, group, version, plural }, options);
  }

  put(kind: ResourceKind, object: KubernetesObject): void {
    const { cluster, group, version, plural } = kind;
    this.#slotIfAny(cluster)?.channel.post({
      type: 'put',
      kind: { cluster, group, version, plural },
      object,
    });
  }

  remove(reference: ObjectReference, uid: string): void {
    this.#slotIfAny(reference.cluster)?.channel.post({
      type: 'remove',
      reference,
      uid,
    });
  }

  async kinds(): Promise<KindStatus[]> {
    return this.#askAll<KindStatus>('kinds');
  }

  async calls(): Promise<ClusterCalls[]> {
    return this.#askAll<ClusterCalls>('calls');
  }

  async memory(): Promise<CacheMemory> {
    return cacheMemory(this.#ledger(0), this.#ceilingBytes);
  }

  #ledger(thread: number): MemoryLedger {
    return new MemoryLedger({ memory: this.#memory, thread });
  }

  async #askAll<Answer>(method: 'kinds' | 'calls'): Promise<Answer[]> {
    const signal = new AbortController().signal;
    const answers = await Promise.all(
      this.#slots.map(({ channel }) =>
        channel.call<Answer[]>({ method }, signal),
      ),
    );
    return answers.flat();
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopListening();
    for (const { channel } of this.#slots) {
      channel.stop(new ServiceUnavailableError('The portal is shutting down'));
    }
  }

  async #call<Answer>(
    method: 'get' | 'list' | 'table' | 'touch',
    subject: ResourceKind,
    { signal, minimumVersion }: CacheReadOptions,
  ): Promise<Answer> {
    // Here, so that what is thrown is the caller's own error, with all that it knows.
    if (minimumVersion !== undefined) checkVersion(minimumVersion);
    const { channel } = await this.#slotOf(subject.cluster);
    return channel.call<Answer>({ method, subject, minimumVersion }, signal);
  }

  /** @throws NotFoundError for a cluster that is not registered, ServiceUnavailableError when its credential cannot be read */
  async #slotOf(cluster: string): Promise<Slot> {
    const { generation } = await this.#access.get(cluster);
    const slot = this.#slots[this.#home(cluster)];
    if (slot.pushed.get(cluster) !== generation) this.#push(slot, cluster);
    return slot;
  }

  #home(cluster: string): number {
    const known = this.#homes.get(cluster);
    if (known !== undefined) return known;
    const loads = this.#slots.map(() => 0);
    for (const index of this.#homes.values()) loads[index] += 1;
    const home = loads.indexOf(Math.min(...loads));
    this.#homes.set(cluster, home);
    return home;
  }

  #slotIfAny(cluster: string): Slot | undefined {
    const home = this.#homes.get(cluster);
    return home === undefined ? undefined : this.#slots[home];
  }

  #push(slot: Slot, cluster: string) {
    const { generation, endpoint } = this.#access.access(cluster).cluster;
    if (slot.pushed.get(cluster) === generation) return;
    slot.pushed.set(cluster, generation);
    slot.channel.post({
      type: 'cluster',
      access: { cluster, generation, endpoint },
    });
  }

  /** Tells a worker that knows the cluster of its new access; one that cannot be had any more is taken from it. */
  #refresh(slot: Slot, cluster: string) {
    if (!slot.pushed.has(cluster)) return;
    try {
      this.#push(slot, cluster);
    } catch {
      // Who reads it next is told why.
      this.#forget(slot, cluster);
    }
  }

  #forget(slot: Slot, cluster: string) {
    slot.pushed.delete(cluster);
    this.#homes.delete(cluster);
    slot.channel.post({ type: 'clusterRemoved', cluster });
  }

  /** Of the generation that the worker knows; it is told of another one before long. */
  async #credential({
    cluster,
    generation,
    refused,
  }: CredentialQuestion): Promise<ClusterCredential | undefined> {
    const { cluster: registered, credentials } = this.#access.access(cluster);
    if (registered.generation !== generation) {
      throw credentialError(
        "The portal's access to the cluster was changed meanwhile; try again",
      );
    }
    return refused ? credentials.instead(refused) : credentials.current();
  }

  #newSlot(index: number): Slot {
    const channel = new WorkerChannel({
      worker: this.#startWorker(index),
      suspect: this.#suspect,
      onChanges: this.#onChanges,
      credential: question => this.#credential(question),
      logger: this.#logger,
      onEnd: error => {
        this.#ledger(index).clear();
        if (this.#isStopped) return;
        this.#logger.error('A cache worker ended and is started again', {
          error: error.message,
        });
        setTimeout(() => {
          if (!this.#isStopped) this.#slots[index] = this.#newSlot(index);
        }, RESTART_MS).unref();
      },
    });
    return { channel, pushed: new Map() };
  }
}

function startCacheWorker(settings: WorkerSettings): Worker {
  return new Worker(
    require.resolve('@backstage-k8s/plugin-k8s-backend/cacheWorker'),
    { workerData: settings },
  );
}
