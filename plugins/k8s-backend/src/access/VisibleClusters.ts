import type { ClusterReference } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';

/** A cluster that is registered. */
export type RegisteredReference = ClusterReference & { id: string };

/** The registered clusters that a caller may see. */
export interface VisibleClusters {
  /** @throws NotFoundError when it is not registered, with the same words when it may not be seen */
  get(id: string, context: RequestContext): Promise<RegisteredReference>;
  list(context: RequestContext): Promise<RegisteredReference[]>;
}
