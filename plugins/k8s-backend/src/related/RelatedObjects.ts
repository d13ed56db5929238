import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type {
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { ReadGuard } from '../access/ReadGuard';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { KindDirectory } from '../discovery/KindDirectory';
import { referenceOf } from '../objects/ObjectPlace';
import type { ObjectPlace } from '../objects/ObjectPlace';
import { GraphReader } from './GraphReader';
import { GraphWalk } from './GraphWalk';
import { KindIndex } from './KindIndex';
import { Neighbours } from './Neighbours';

/** Milliseconds that one question to the cluster may take; a kind that is read for the first time needs a moment. */
const WAIT_MS = 3_000;

/** Finds what objects have to do with each other, as far as the caller may see it. */
export class RelatedObjects {
  readonly #resources: ResourceReader;
  readonly #kinds: KindDirectory;
  readonly #guard: Pick<ReadGuard, 'allows'>;
  readonly #clusters: VisibleClusters;
  readonly #waitMs: number;

  constructor(options: {
    resources: ResourceReader;
    kinds: KindDirectory;
    /** Says of what is not found whether it may be said to be missing. */
    guard: Pick<ReadGuard, 'allows'>;
    clusters: VisibleClusters;
    /** Milliseconds that one question to the cluster may take. */
    waitMs?: number;
  }) {
    this.#resources = options.resources;
    this.#kinds = options.kinds;
    this.#guard = options.guard;
    this.#clusters = options.clusters;
    this.#waitMs = options.waitMs ?? WAIT_MS;
  }

  /**
   * The graph around an object, which is its first node.
   *
   * @throws NotFoundError when the object does not exist or may not be seen; InputError when its kind has another scope
   */
  async graph(
    place: ObjectPlace,
    context: RequestContext,
  ): Promise<Schema<'RelatedGraph'>> {
    await this.#clusters.get(place.cluster, context);
    const { cluster } = place;
    const { signal } = context;
    const kind = await this.#kinds.find(cluster, place, { signal });
    const reference = referenceOf(place, kind);
    const { object } = await this.#resources.get(reference, { context });
    const { kinds } = await this.#kinds.list(cluster, { signal });
    const reader = new GraphReader({
      resources: this.#resources,
      cluster,
      context,
      mayRead: wanted => this.#guard.allows(wanted, context),
      waitMs: this.#waitMs,
    });
    const index = new KindIndex(kinds);
    const neighbours = new Neighbours({ kinds: index, reader });
    return new GraphWalk(reader, neighbours).from({ kind, object });
  }
}
