import type {
  KindDescription,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';

/** The kinds that clusters serve. Who may know of a cluster is for the caller to ask. */
export interface KindDirectory {
  /** By group and plural; `cache` names the API groups that did not answer. @throws NotFoundError, ServiceUnavailableError */
  list(
    cluster: string,
    options: { signal: AbortSignal },
  ): Promise<{ kinds: KindDescription[]; cache: CacheState }>;
  /**
   * By group (empty: core), plural and, where given, version.
   *
   * @throws NotFoundError when the cluster has no such kind; ServiceUnavailableError
   */
  find(
    cluster: string,
    type: ResourceType & { version?: string },
    options: { signal: AbortSignal },
  ): Promise<KindDescription>;
}
