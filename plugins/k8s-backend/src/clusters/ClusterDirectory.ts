import type { ClusterReference } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { RegisteredCluster } from './ClusterStore';

/** The registered clusters as a caller may see them. */
export interface ClusterDirectory {
  /** @throws NotFoundError when it is not registered, with the same words when it may not be seen */
  get(id: string, context: RequestContext): Promise<RegisteredCluster>;
  /** By name. */
  list(context: RequestContext): Promise<RegisteredCluster[]>;
  /** The cluster as permission rules see it. */
  reference(cluster: RegisteredCluster): ClusterReference & { id: string };
}
