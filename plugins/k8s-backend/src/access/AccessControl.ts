import type {
  ClusterPermission,
  ClusterReference,
  K8sResourcePermission,
  ResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  AccessFilter,
  RequestContext,
} from '@backstage-k8s/plugin-k8s-node';

/**
 * Decides what a caller may do. Decisions are remembered for at most five seconds per caller and permission.
 */
export interface AccessControl {
  /** Whether the caller may do this to the cluster. */
  allowsCluster(
    permission: ClusterPermission,
    cluster: ClusterReference,
    context: RequestContext,
  ): Promise<boolean>;
  /** Whether the caller may do this to the object, or to all objects of the kind. */
  allowsResource(
    permission: K8sResourcePermission,
    resource: ResourceReference,
    context: RequestContext,
  ): Promise<boolean>;
  /** The objects of a cluster that the permission is given for. */
  filter(
    permission: K8sResourcePermission,
    cluster: ClusterReference,
    context: RequestContext,
  ): Promise<AccessFilter>;
  /** Whether the permission is given for all clusters, also those that come. */
  allowsEveryCluster(
    permission: ClusterPermission,
    context: RequestContext,
  ): Promise<boolean>;
  /** Whether the permission is given for clusters at all, if only for some: for what is asked before a cluster is described. */
  allowsSomeCluster(
    permission: ClusterPermission,
    context: RequestContext,
  ): Promise<boolean>;
  /** Whether the caller may read every entity of the catalog; false also where that depends on the entity. */
  readsWholeCatalog(context: RequestContext): Promise<boolean>;
  /** Why a change is refused, for people: the setting or the least role that is missing. */
  refusal(
    permission: ClusterPermission | K8sResourcePermission,
    subject: ClusterReference | ResourceReference,
    context: RequestContext,
  ): string;
}
