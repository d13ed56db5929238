import type { K8sClient } from '@backstage-k8s/plugin-k8s-common';
import {
  createServiceClient,
  isNotFoundAnswer,
} from '@backstage-k8s/plugin-k8s-node';
import type {
  AuthService,
  DiscoveryService,
} from '@backstage/backend-plugin-api';
import type { CatalogCluster } from './clusterEntity';

/** The registry is in our own back end or next to it: what takes longer is broken. */
const TIMEOUT_MS = 10_000;

/** Reads the registered clusters. */
export interface ClusterReader {
  /** All clusters that the catalog may see. */
  read(): Promise<CatalogCluster[]>;
}

/** Reads them over HTTP from the plugin, as the catalog's service. */
export class HttpClusterReader implements ClusterReader {
  readonly #auth: AuthService;
  readonly #discovery: DiscoveryService;
  readonly #withServers: boolean;

  /** @param options - `withServers`: whether address and CA are read too, by one more request per cluster */
  constructor(options: {
    auth: AuthService;
    discovery: DiscoveryService;
    withServers: boolean;
  }) {
    this.#auth = options.auth;
    this.#discovery = options.discovery;
    this.#withServers = options.withServers;
  }

  async read(): Promise<CatalogCluster[]> {
    const client = await createServiceClient({
      auth: this.#auth,
      discovery: this.#discovery,
      timeoutMs: TIMEOUT_MS,
    });
    const { data } = await client.GET('/clusters');
    const clusters = data?.clusters ?? [];
    if (!this.#withServers) return clusters;
    const details = await Promise.all(
      clusters.map(async cluster => {
        const server = await readServer(client, cluster.id);
        return server && { ...cluster, ...server };
      }),
    );
    return details.filter(detail => detail !== undefined);
  }
}

/** Address and CA of a cluster; undefined when it was removed in the meantime. */
async function readServer(
  client: K8sClient,
  id: string,
): Promise<Pick<CatalogCluster, 'server' | 'caData'> | undefined> {
  try {
    const { data } = await client.GET('/clusters/{id}', {
      params: { path: { id } },
    });
    return data && { server: data.server, caData: data.caData };
  } catch (error) {
    if (isNotFoundAnswer(error)) return undefined;
    throw error;
  }
}
