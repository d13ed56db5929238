import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';

/** A sub-resource of one object, or of all objects of a kind in a namespace. */
export interface SubresourceUse extends ResourceType {
  /** Cluster id. */
  cluster: string;
  namespace: string;
  /** Absent: of all of them. */
  name?: string;
  /** `log` or `exec`. */
  subresource: string;
}

/** Who besides our permissions has a say in what a caller may do with sub-resources: the rules of the cluster. */
export interface SubresourceRules {
  /** Whether they let the caller; always where they do not count. @throws when they cannot be asked */
  allowUse(use: SubresourceUse, context: RequestContext): Promise<boolean>;
}
