import { k8sClusterReadPermission } from '@backstage-k8s/plugin-k8s-common';
import type { ClusterReference } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import { clusterNotFound } from './CachedClusterStore';
import type { ClusterDirectory } from './ClusterDirectory';
import type { ClusterStore, RegisteredCluster } from './ClusterStore';

/** The clusters that the permission to see them is given for. */
export class DefaultClusterDirectory implements ClusterDirectory {
  readonly #store: ClusterStore;
  readonly #access: AccessControl;

  constructor(options: { store: ClusterStore; access: AccessControl }) {
    this.#store = options.store;
    this.#access = options.access;
  }

  async get(id: string, context: RequestContext): Promise<RegisteredCluster> {
    const cluster = await this.#store.get(id);
    if (!(await this.#isVisible(cluster, context))) throw clusterNotFound(id);
    return cluster;
  }

  async list(context: RequestContext): Promise<RegisteredCluster[]> {
    const clusters = await this.#store.list();
    const visible = await Promise.all(
      clusters.map(cluster => this.#isVisible(cluster, context)),
    );
    return clusters
      .filter((_, index) => visible[index])
      .sort((one, other) => one.name.localeCompare(other.name, 'en'));
  }

  reference({
    id,
    name,
    labels,
    owner,
  }: RegisteredCluster): ClusterReference & { id: string } {
    return { id, name, labels, owner };
  }

  #isVisible(
    cluster: RegisteredCluster,
    context: RequestContext,
  ): Promise<boolean> {
    return this.#access.allowsCluster(
      k8sClusterReadPermission,
      this.reference(cluster),
      context,
    );
  }
}
