/** Looks for a text in the objects of many kinds on all clusters at once. */
import type {
  KindDescription,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import { kindName } from '@backstage-k8s/plugin-k8s-common';
import { InputError, NotFoundError } from '@backstage/errors';
import type {
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type {
  RegisteredReference,
  VisibleClusters,
} from '../access/VisibleClusters';
import type { CacheStatus } from '../cache/CacheStatus';
import type { KindDirectory } from '../discovery/KindDirectory';
import { parseLabelSelector } from '../resources/LabelSelector';
import { PreparedJson } from '../router/PreparedJson';
import { plainText } from '../views/plainText';
import { within } from '../workloads/within';
import { clustersOfSearch } from './clustersOfSearch';
import { groupsOfSearch } from './groupsOfSearch';
import type { Found } from './Found';
import { searchedTypes } from './searchedTypes';
import type { SearchedType } from './searchedTypes';

/**
 * Milliseconds that a search waits. It is asked at every few keys, so that what is there at once counts more than what would come;
 * who asks again gets it.
 */
const ANSWER_WAIT_MS = 700;
/** Characters of a text that is worth looking for. */
const LEAST_TEXT = 2;

/** What is looked for. */
export interface SearchOptions {
  text: string;
  /** Absent: all that are searched. */
  kinds?: readonly ResourceType[];
  /** Which clusters, by their labels, `name` and `id`. */
  selector?: string;
  /** Objects of each kind. */
  limit: number;
  context: RequestContext;
}

/** Searches by the tables of kinds, of which each cluster has those that its caller may see. */
export class ObjectSearch {
  readonly #resources: Pick<ResourceReader, 'table'>;
  readonly #kinds: KindDirectory;
  readonly #clusters: VisibleClusters;
  readonly #cache: Pick<CacheStatus, 'kinds'>;

  constructor(options: {
    resources: Pick<ResourceReader, 'table'>;
    kinds: KindDirectory;
    clusters: VisibleClusters;
    cache: Pick<CacheStatus, 'kinds'>;
  }) {
    this.#resources = options.resources;
    this.#kinds = options.kinds;
    this.#clusters = options.clusters;
    this.#cache = options.cache;
  }

  /** A `SearchAnswer`. @throws InputError */
  async find(options: SearchOptions): Promise<PreparedJson> {
    const { kinds, selector, limit, context } = options;
    const text = options.text.trim();
    if (text.length < LEAST_TEXT) {
      throw new InputError(`query/q has less than ${LEAST_TEXT} characters`);
    }
    const selects = parseLabelSelector(selector);
    const clusters = (await this.#clusters.list(context))
      .filter(({ id, name, labels }) => selects({ ...labels, id, name }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    const cached =
      clusters.length > 0
        ? await within(this.#cache.kinds(), ANSWER_WAIT_MS)
        : undefined;
    const found = await Promise.all(
      clusters.flatMap(cluster =>
        searchedTypes({ cluster: cluster.id, kinds, cached }).map(type =>
          this.#ask(cluster, { type, text, limit, context }),
        ),
      ),
    );
    const { groups, total } = groupsOfSearch(found, { limit });
    const rest = { total, ...clustersOfSearch(clusters, found) };
    return new PreparedJson([
      '{"groups":[',
      ...groups,
      `],${JSON.stringify(rest).slice(1)}`,
    ]);
  }

  async #ask(
    cluster: RegisteredReference,
    options: {
      type: SearchedType;
      text: string;
      limit: number;
      context: RequestContext;
    },
  ): Promise<Found> {
    const { type } = options;
    try {
      const found = await within(this.#read(cluster, options), ANSWER_WAIT_MS);
      return { cluster, type, ...(found ?? { isLate: true }) };
    } catch (error) {
      // A cluster without the kind has nothing of it.
      if (error instanceof NotFoundError) return { cluster, type };
      const message = error instanceof Error ? error.message : '';
      return { cluster, type, error: plainText(message) || kindName(type) };
    }
  }

  async #read(
    cluster: RegisteredReference,
    options: {
      type: SearchedType;
      text: string;
      limit: number;
      context: RequestContext;
    },
  ): Promise<Pick<Found, 'kind' | 'table'>> {
    const { type, text, limit, context } = options;
    const { group, plural, version, by, onlyCached } = type;
    const kind: KindDescription = await this.#kinds.find(
      cluster.id,
      { group, plural, version },
      context,
    );
    const table = await this.#resources.table(
      {
        ...{ cluster: cluster.id, group, version: kind.version, plural },
        columns: kind.columns,
        find: { text, by, onlyCached },
        limit,
      },
      { context },
    );
    return { kind, table };
  }
}
