import type { AskedCredentials } from './AskedCredentials';
import { clusterNotFound } from '../../clusters/CachedClusterStore';
import type { AccessSource } from '../../connection/DefaultClusterConnections';
import type { ClusterChange } from '../../connection/ClusterConnection';
import type { ClusterAccess } from './protocol';

/** The clusters that the main thread told a worker of; the worker has no database. */
export class PushedClusters implements AccessSource {
  readonly #clusters = new Map<string, ClusterAccess>();
  readonly #listeners = new Set<(change: ClusterChange) => void>();
  readonly #credentials: AskedCredentials;

  constructor(options: { credentials: AskedCredentials }) {
    this.#credentials = options.credentials;
  }

  set(access: ClusterAccess) {
    this.#clusters.set(access.cluster, access);
    this.#tell({ cluster: access.cluster, action: 'upserted' });
  }

  remove(cluster: string) {
    this.#clusters.delete(cluster);
    this.#tell({ cluster, action: 'removed' });
  }

  async get(id: string): Promise<{ generation: number }> {
    return this.#find(id);
  }

  generation(id: string): number | undefined {
    return this.#clusters.get(id)?.generation;
  }

  access(id: string) {
    const { cluster, generation, endpoint } = this.#find(id);
    const credentials = this.#credentials.of({ cluster, generation });
    return { cluster: { generation, endpoint }, credentials };
  }

  onChange(listener: (change: ClusterChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #find(id: string): ClusterAccess {
    const access = this.#clusters.get(id);
    if (!access) throw clusterNotFound(id);
    return access;
  }

  #tell(change: ClusterChange) {
    for (const tell of this.#listeners) tell(change);
  }
}
