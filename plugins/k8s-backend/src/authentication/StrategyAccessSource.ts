import type { ClusterChange } from '../connection/ClusterConnection';
import type { AccessSource } from '../connection/DefaultClusterConnections';
import type { CachedClusterStore } from '../clusters/CachedClusterStore';
import type { ClusterEndpoint } from '../clusters/ClusterStore';
import type { ClusterAuthentications } from './ClusterAuthentications';
import type { RememberedCredential } from './RememberedCredential';

/** A cluster's credential, of one generation. */
interface Source {
  generation: number;
  endpoint: ClusterEndpoint;
  credentials: RememberedCredential;
}

/**
 * How the registered clusters are reached. A cluster has one credential for all threads of an instance: who asks is asked once.
 */
export class StrategyAccessSource implements AccessSource {
  readonly #store: CachedClusterStore;
  readonly #authentications: ClusterAuthentications;
  readonly #sources = new Map<string, Source>();

  constructor(options: {
    store: CachedClusterStore;
    authentications: ClusterAuthentications;
  }) {
    this.#store = options.store;
    this.#authentications = options.authentications;
    // First of all listeners, as those of the connections ask for the new one.
    this.#store.onChange(({ cluster }) => this.#drop(cluster));
  }

  async get(id: string): Promise<{ generation: number }> {
    return this.#store.get(id);
  }

  generation(id: string): number | undefined {
    return this.#store.generation(id);
  }

  access(id: string) {
    const { generation, endpoint, credentials } = this.#source(id);
    return { cluster: { generation, endpoint }, credentials };
  }

  onChange(listener: (change: ClusterChange) => void): () => void {
    return this.#store.onChange(listener);
  }

  #source(id: string): Source {
    const known = this.#sources.get(id);
    if (known && known.generation === this.#store.generation(id)) return known;
    const { cluster, credential } = this.#store.access(id);
    const source = {
      generation: cluster.generation,
      endpoint: cluster.endpoint,
      credentials: this.#authentications.source(credential, cluster),
    };
    known?.credentials.close();
    this.#sources.set(id, source);
    return source;
  }

  #drop(id: string) {
    const known = this.#sources.get(id);
    if (!known || known.generation === this.#store.generation(id)) return;
    this.#sources.delete(id);
    known.credentials.close();
  }
}
