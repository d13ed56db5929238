import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { ClusterConnection } from '../connection/ClusterConnection';

/** Connections as the one whom a request comes from has them. */
export interface ContextConnections {
  /** @throws NotFoundError; NotAllowedError when the caller cannot be somebody on the cluster; ServiceUnavailableError */
  get(cluster: string, context: RequestContext): Promise<ClusterConnection>;
}
