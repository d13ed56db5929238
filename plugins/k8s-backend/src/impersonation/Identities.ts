import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { KubeIdentity } from '../connection/KubeIdentity';

/** Who callers are on clusters. */
export interface Identities {
  /**
   * Undefined: the portal itself, since the cluster is not in impersonation mode, or since nobody but the portal asks.
   *
   * @throws NotFoundError for a cluster that is not registered, NotAllowedError for a caller who cannot be somebody there
   */
  of(
    cluster: string,
    context: RequestContext,
  ): Promise<KubeIdentity | undefined>;
}
