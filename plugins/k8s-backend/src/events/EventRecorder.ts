import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import { failureLog } from '../errors/failureLog';
import { compareVersions } from '../resources/resourceVersion';
import { EVENTS } from '../workloads/ResourceKinds';
import type { EventObject } from '../workloads/WorkloadObjects';
import type { EventStore } from './EventStore';

/**
 * Keeps the events of all clusters beyond the hour for which clusters remember them. It reads the cache, which follows them anyway,
 * and of it only what is new since it last looked.
 */
export class EventRecorder {
  readonly #store: EventStore;
  readonly #reader: Pick<ResourceReader, 'list'>;
  readonly #clusters: () => Promise<readonly { id: string }[]>;
  readonly #system: RequestContext;
  readonly #logger: LoggerService;
  /** Version of the newest event that was kept, by cluster id; another instance may have kept it again, which does no harm. */
  readonly #reached = new Map<string, string>();

  constructor(options: {
    store: EventStore;
    /** Below everything that asks who reads. */
    reader: Pick<ResourceReader, 'list'>;
    clusters: () => Promise<readonly { id: string }[]>;
    system: RequestContext;
    logger: LoggerService;
  }) {
    this.#store = options.store;
    this.#reader = options.reader;
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
    for (const { id } of clusters) await this.#recordCluster(id);
  }

  async #recordCluster(cluster: string): Promise<void> {
    const laterThan = this.#reached.get(cluster);
    let events: readonly EventObject[];
    try {
      const list = await this.#reader.list(
        { ...EVENTS, cluster, laterThan },
        { context: this.#system },
      );
      events = list.items;
    } catch (error) {
      this.#logger.debug('The events of a cluster cannot be read now', {
        cluster,
        ...failureLog(error),
      });
      return;
    }
    if (events.length === 0) return;
    await this.#store.keep(cluster, events);
    const versions = events.map(
      ({ metadata }) => metadata.resourceVersion ?? '0',
    );
    this.#reached.set(
      cluster,
      versions.reduce((one, other) =>
        compareVersions(one, other) > 0 ? one : other,
      ),
    );
  }
}
