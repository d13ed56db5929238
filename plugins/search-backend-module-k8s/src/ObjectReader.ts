import type {
  K8sClient,
  ResourceColumn,
  ResourceRow,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import { createServiceClient } from '@backstage-k8s/plugin-k8s-node';
import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';

/** Rows of a page; what is read at once stays small beside the index. */
const PAGE_ROWS = 1_000;
/** A list of a cluster whose first reading is under way is asked for again after so many milliseconds, so often. */
const SYNC_PAUSE_MS = 2_000;
const SYNC_TRIES = 15;

/** A cluster whose objects may be indexed. */
export interface IndexedCluster {
  id: string;
  name: string;
  /** Its own rules decide for each user besides, which Backstage's search cannot ask. */
  impersonate: boolean;
}

/** One page of the objects of a kind. */
export interface ObjectPage {
  columns: readonly ResourceColumn[];
  rows: readonly ResourceRow[];
}

/** Reads what is indexed. */
export interface ObjectReader {
  /** All clusters that the search may see. */
  clusters(): Promise<IndexedCluster[]>;
  /** The words of kinds, e.g. `Deployment`, by plural and group. */
  kinds(cluster: string): Promise<(ResourceType & { kind: string })[]>;
  /** All objects of a kind. */
  objects(cluster: string, type: ResourceType): AsyncIterable<ObjectPage>;
}

/** Reads over HTTP from the plugin, as the search's service. */
export class HttpObjectReader implements ObjectReader {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;
  readonly #pauseMs: number;

  constructor(options: {
    auth: AuthService;
    discovery: DiscoveryService;
    /** Milliseconds between two looks at a list that is being read; for tests. */
    pauseMs?: number;
  }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
    this.#pauseMs = options.pauseMs ?? SYNC_PAUSE_MS;
  }

  async clusters(): Promise<IndexedCluster[]> {
    const client = await this.#client();
    const { data } = await client.GET('/clusters');
    return (data?.clusters ?? []).map(({ id, name, impersonate }) => ({
      ...{ id, name },
      impersonate: impersonate === true,
    }));
  }

  async kinds(cluster: string): Promise<(ResourceType & { kind: string })[]> {
    const client = await this.#client();
    const { data } = await client.GET('/clusters/{id}/kinds', {
      params: { path: { id: cluster } },
    });
    return data?.kinds ?? [];
  }

  async *objects(
    cluster: string,
    { group, plural }: ResourceType,
  ): AsyncGenerator<ObjectPage> {
    const path = { id: cluster, group: group || 'core', plural };
    let place: string | undefined;
    let tries = 0;
    do {
      // A token is good for an hour, and a run may take longer.
      const client = await this.#client();
      const { data } = await client.GET(
        '/clusters/{id}/resources/{group}/{plural}',
        {
          params: {
            path,
            query: { limit: PAGE_ROWS, sort: 'name', continue: place },
          },
        },
      );
      if (!data) return;
      const isIncomplete = data.cache.state === 'syncing';
      if (isIncomplete && place === undefined && tries < SYNC_TRIES) {
        tries += 1;
        await new Promise(resolve => setTimeout(resolve, this.#pauseMs));
        continue;
      }
      yield { columns: data.columns, rows: data.rows };
      place = data.continue;
      if (place === undefined) return;
    } while (true);
  }

  #client(): Promise<K8sClient> {
    return createServiceClient({
      auth: this.#auth,
      discovery: this.#discovery,
    });
  }
}
