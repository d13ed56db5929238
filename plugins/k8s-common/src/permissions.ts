import { createPermission } from '@backstage/plugin-permission-common';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import type { ResourceCategory } from './kinds';

/** Resource type of permissions on clusters. @public */
export const RESOURCE_TYPE_K8S_CLUSTER = 'k8s-cluster';
/** Resource type of permissions on what is in clusters. @public */
export const RESOURCE_TYPE_K8S_RESOURCE = 'k8s-resource';

/**
 * A cluster as permission rules see it; it need not be registered yet. A rule reads nothing else.
 *
 * @public
 */
export interface ClusterReference {
  /** Absent: not registered yet. */
  id?: string;
  name: string;
  labels: Record<string, string>;
  /** Entity reference, in lower case; absent: nobody owns it. */
  owner?: string;
}

/**
 * An object, or all objects of a kind, as permission rules see it; it need not exist yet.
 *
 * @public
 */
export interface ResourceReference {
  cluster: ClusterReference;
  /** API group; empty: the core group. */
  group: string;
  plural: string;
  /** Absent: cluster-scoped, or all namespaces. A Namespace is in the namespace of its own name. */
  namespace?: string;
  /** Absent: all of the kind. */
  name?: string;
  category: ResourceCategory;
}

const clusterPermission = (
  name: string,
  action: 'create' | 'read' | 'update' | 'delete',
) =>
  createPermission({
    name,
    attributes: { action },
    resourceType: RESOURCE_TYPE_K8S_CLUSTER,
  });

const resourcePermission = (
  name: string,
  action: 'create' | 'read' | 'update' | 'delete',
) =>
  createPermission({
    name,
    attributes: { action },
    resourceType: RESOURCE_TYPE_K8S_RESOURCE,
  });

/** See a cluster, its health and its nodes. @public */
export const k8sClusterReadPermission = clusterPermission(
  'k8s.cluster.read',
  'read',
);
/** Register a cluster. @public */
export const k8sClusterRegisterPermission = clusterPermission(
  'k8s.cluster.register',
  'create',
);
/** Change a cluster's name, labels, owner, protection or credential. @public */
export const k8sClusterUpdatePermission = clusterPermission(
  'k8s.cluster.update',
  'update',
);
/** Remove a cluster from the portal. @public */
export const k8sClusterDeletePermission = clusterPermission(
  'k8s.cluster.delete',
  'delete',
);
/** Read the audit of a cluster; without it one reads one's own entries. @public */
export const k8sAuditReadPermission = clusterPermission(
  'k8s.audit.read',
  'read',
);
/** See objects, but not the values of Secrets. @public */
export const k8sResourceReadPermission = resourcePermission(
  'k8s.resource.read',
  'read',
);
/** Create objects. @public */
export const k8sResourceCreatePermission = resourcePermission(
  'k8s.resource.create',
  'create',
);
/** Change objects. @public */
export const k8sResourceUpdatePermission = resourcePermission(
  'k8s.resource.update',
  'update',
);
/** Delete objects. @public */
export const k8sResourceDeletePermission = resourcePermission(
  'k8s.resource.delete',
  'delete',
);

/** Read what containers of pods write. @public */
export const k8sLogsReadPermission = resourcePermission(
  'k8s.logs.read',
  'read',
);
/** Open a terminal in a container of a pod, in which anything can be done that the container may. @public */
export const k8sTerminalOpenPermission = resourcePermission(
  'k8s.terminal.open',
  'update',
);

/** A permission on clusters. @public */
export type ClusterPermission = ResourcePermission<
  typeof RESOURCE_TYPE_K8S_CLUSTER
>;
/** A permission on what is in clusters. @public */
export type K8sResourcePermission = ResourcePermission<
  typeof RESOURCE_TYPE_K8S_RESOURCE
>;

/** All permissions on clusters. @public */
export const k8sClusterPermissions: readonly ClusterPermission[] = [
  k8sClusterReadPermission,
  k8sClusterRegisterPermission,
  k8sClusterUpdatePermission,
  k8sClusterDeletePermission,
  k8sAuditReadPermission,
];

/** All permissions on what is in clusters. @public */
export const k8sResourcePermissions: readonly K8sResourcePermission[] = [
  k8sResourceReadPermission,
  k8sResourceCreatePermission,
  k8sResourceUpdatePermission,
  k8sResourceDeletePermission,
  k8sLogsReadPermission,
  k8sTerminalOpenPermission,
];

/** All permissions of the suite. @public */
export const k8sPermissions: readonly (
  | ClusterPermission
  | K8sResourcePermission
)[] = [...k8sClusterPermissions, ...k8sResourcePermissions];
