import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  ListResult,
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { CacheStatus, KindStatus } from '../cache/CacheStatus';
import { failureLog } from '../errors/failureLog';
import { compareVersions } from '../resources/resourceVersion';
import { EVENTS } from '../workloads/ResourceKinds';
import type { EventObject } from '../workloads/WorkloadObjects';
import type { EventStore } from './EventStore';

/** How far the events of a cluster were kept. */
interface Reached {
  /** Of the newest. */
  version: string;
  /** Complete lists of events that the cache had read before. */
  lists: number;
}

/** Complete lists of events that the cache has read, by cluster id. */
type EventLists = ReadonlyMap<string, number>;

/**
 * Keeps the events of all clusters beyond the hour for which clusters remember them. It reads the cache, which follows them anyway,
 * and of it only what is new since it last looked. After a list was read again all of it is new: the cluster's etcd may have been
 * restored to an older state, and its versions have gone back.
 */
export class EventRecorder {
  readonly #store: EventStore;
  readonly #reader: Pick<ResourceReader, 'list'>;
  readonly #cache: Pick<CacheStatus, 'kinds'>;
  readonly #clusters: () => Promise<readonly { id: string }[]>;
  readonly #system: RequestContext;
  readonly #logger: LoggerService;
  /** By cluster id. What is kept again, by another instance too, does no harm. */
  readonly #reached = new Map<string, Reached>();

  constructor(options: {
    store: EventStore;
    /** Below everything that asks who reads. */
    reader: Pick<ResourceReader, 'list'>;
    /** Which the reader reads. */
    cache: Pick<CacheStatus, 'kinds'>;
    clusters: () => Promise<readonly { id: string }[]>;
    system: RequestContext;
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#reader = options.reader;
    this.#cache = options.cache;
    this.#clusters = options.clusters;
    this.#system = options.system;
    this.#logger = options.logger;
  }

  /** Looks once at every cluster; one that cannot be read is passed over. @throws the database's error */
  async record(): Promise<void> {
    const clusters = await this.#clusters();
    const known = new Set(clusters.map(({ id }) => id));
    for (const id of this.#reached.keys()) {
      if (!known.has(id)) this.#reached.delete(id);
    }
    // Before events are: a list that is read between the two is noticed next time.
    const lists = await this.#eventLists();
    for (const { id } of clusters) await this.#recordCluster(id, lists);
  }

  /** Undefined: the cache cannot tell at the moment. */
  async #eventLists(): Promise<EventLists | undefined> {
    try {
      const kinds = (await this.#cache.kinds()).filter(isEvents);
      return new Map(kinds.map(({ cluster, lists }) => [cluster, lists]));
    } catch (error) {
      this.#logger.debug('The cache cannot tell what it has read', {
        ...failureLog(error),
      });
      return undefined;
    }
  }

  async #recordCluster(
    cluster: string,
    known: EventLists | undefined,
  ): Promise<void> {
    const lists = known?.get(cluster);
    const reached = this.#reached.get(cluster);
    // What the cache has not read yet, or anew, is read whole.
    const laterThan =
      lists !== undefined && reached?.lists === lists
        ? reached.version
        : undefined;
    let list: ListResult;
    try {
      list = await this.#reader.list(
        { ...EVENTS, cluster, laterThan },
        { context: this.#system },
      );
    } catch (error) {
      this.#logger.debug('The events of a cluster cannot be read now', {
        cluster,
        ...failureLog(error),
      });
      return;
    }
    const events: readonly EventObject[] = list.items;
    if (events.length === 0) return;
    await this.#store.keep(cluster, events);
    // What is still to come of the first list may be older than what is there of it.
    if (list.cache.state === 'syncing' || !known) return;
    const version = events
      .map(({ metadata }) => metadata.resourceVersion ?? '0')
      .reduce((one, other) => (compareVersions(one, other) > 0 ? one : other));
    // The first list was awaited above.
    this.#reached.set(cluster, { version, lists: lists || 1 });
  }
}

function isEvents({ group, plural }: KindStatus): boolean {
  return group === EVENTS.group && plural === EVENTS.plural;
}
