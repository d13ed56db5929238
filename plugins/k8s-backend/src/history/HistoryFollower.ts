import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceKind } from '@backstage-k8s/plugin-k8s-node';
import type { ResourceCache } from '../cache/ResourceCache';
import type { KindDirectory } from '../discovery/KindDirectory';
import { failureLog } from '../errors/failureLog';
import { inSlots } from '../manyClusters/inSlots';

/**
 * Milliseconds until a cluster is asked again for kinds that it does not serve: the cache, if it followed one, would ask for it every
 * few seconds.
 */
const LOOK_AGAIN_MS = 15 * 60_000;
/** Clusters that are asked at once, and the milliseconds that one may keep others waiting. */
const SLOTS = 4;
const PATIENCE_MS = 2_000;

/** What a cluster serves of the kinds. */
interface Served {
  kinds: ResourceKind[];
  /** Milliseconds since 1970. */
  askedAt: number;
}

/**
 * Has the kinds whose history is always kept be read in every cluster, so that the changes there are heard while nobody looks. It
 * reads nothing itself: the cache has no reason to let go of what is touched more often than it forgets.
 */
export class HistoryFollower {
  readonly #kinds: readonly ResourceType[];
  readonly #cache: Pick<ResourceCache, 'touch'>;
  readonly #directory: Pick<KindDirectory, 'find'>;
  readonly #clusters: () => Promise<readonly { id: string }[]>;
  readonly #logger: LoggerService;
  readonly #now: () => number;
  /** Kinds that were warned of, as `plural.group`. */
  readonly #warned = new Set<string>();
  /** By cluster id; absent: it has not answered yet. */
  readonly #served = new Map<string, Served>();

  constructor(options: {
    kinds: readonly ResourceType[];
    cache: Pick<ResourceCache, 'touch'>;
    directory: Pick<KindDirectory, 'find'>;
    clusters: () => Promise<readonly { id: string }[]>;
    logger: LoggerService;
    /** Milliseconds since 1970. */
    now: () => number;
  }) {
    this.#kinds = options.kinds;
    this.#cache = options.cache;
    this.#directory = options.directory;
    this.#clusters = options.clusters;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /** Looks once at every cluster; one that does not answer is passed over. @throws the error of the registry, the signal's reason */
  async follow({ signal }: { signal: AbortSignal }): Promise<void> {
    const clusters = await this.#clusters();
    const known = new Set(clusters.map(({ id }) => id));
    for (const id of this.#served.keys()) {
      if (!known.has(id)) this.#served.delete(id);
    }
    await inSlots(clusters, {
      ...{ slots: SLOTS, patienceMs: PATIENCE_MS },
      work: ({ id }) => this.#followCluster(id, signal),
    });
    this.#warnOfUnserved(clusters);
  }

  /** Once of each kind that no cluster serves, when all have told: it may be a slip in the configuration. */
  #warnOfUnserved(clusters: readonly { id: string }[]) {
    if (clusters.length === 0) return;
    if (clusters.some(({ id }) => !this.#served.has(id))) return;
    const served = [...this.#served.values()].flatMap(({ kinds }) => kinds);
    for (const type of this.#kinds) {
      const isServed = served.some(
        ({ group, plural }) => group === type.group && plural === type.plural,
      );
      const key = `${type.plural}.${type.group}`;
      if (isServed || this.#warned.has(key)) continue;
      this.#warned.add(key);
      this.#logger.warn(
        'No cluster tells changes of a kind of k8s.history.kinds: nothing of it is recorded',
        { ...type },
      );
    }
  }

  async #followCluster(cluster: string, signal: AbortSignal): Promise<void> {
    try {
      for (const kind of await this.#servedBy(cluster, signal)) {
        await this.#cache.touch(kind, { signal });
      }
    } catch (error) {
      signal.throwIfAborted();
      this.#logger.debug('The history of a cluster is not recorded now', {
        cluster,
        ...failureLog(error),
      });
    }
  }

  /** What is known is followed also while the cluster is away: what happens there meanwhile is told when it is back. */
  async #servedBy(
    cluster: string,
    signal: AbortSignal,
  ): Promise<ResourceKind[]> {
    const known = this.#served.get(cluster);
    const isRecent = known && this.#now() - known.askedAt < LOOK_AGAIN_MS;
    // Of those that it serves the version may be another one by now.
    const wanted = isRecent ? known.kinds : this.#kinds;
    try {
      const kinds: ResourceKind[] = [];
      for (const type of wanted) {
        const kind = await this.#find(cluster, type, signal);
        if (kind) kinds.push(kind);
      }
      const askedAt = isRecent ? known.askedAt : this.#now();
      this.#served.set(cluster, { kinds, askedAt });
      return kinds;
    } catch (error) {
      if (!known) throw error;
      return known.kinds;
    }
  }

  /** Undefined: the cluster does not serve it, or tells no changes of it. @throws why the cluster does not say */
  async #find(
    cluster: string,
    { group, plural }: ResourceType,
    signal: AbortSignal,
  ): Promise<ResourceKind | undefined> {
    try {
      const { version, verbs } = await this.#directory.find(
        cluster,
        { group, plural },
        { signal },
      );
      if (!verbs.includes('watch')) return undefined;
      return { cluster, group, version, plural };
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}
