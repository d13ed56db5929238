import {
  isGiven,
  k8sClusterReadPermission,
  k8sPermissions,
  NOT_BY_OWNERSHIP,
  RESOURCE_TYPE_K8S_CLUSTER,
  ROLE_GRANTS,
} from '@backstage-k8s/plugin-k8s-common';
import type { RoleGrant } from '@backstage-k8s/plugin-k8s-common';
import {
  k8sClusterConditions,
  k8sResourceConditions,
} from '@backstage-k8s/plugin-k8s-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { RoleBinding } from './RoleBinding';

type K8sPermission = (typeof k8sPermissions)[number];
type Criteria = PermissionCriteria<PermissionCondition>;

const permissions = new Map(
  k8sPermissions.map(permission => [permission.name, permission]),
);

/** What the role of a binding gives by a permission, wherever the binding holds. */
function grantOf(
  binding: RoleBinding,
  permission: K8sPermission,
): RoleGrant | undefined {
  const { role } = binding;
  const isByOwnership = role === 'K8sClusterOwner';
  if (isByOwnership && NOT_BY_OWNERSHIP.includes(permission.name))
    return undefined;
  // In a namespace one has nothing of the cluster but that it can be found.
  const isOfCluster = permission.resourceType === RESOURCE_TYPE_K8S_CLUSTER;
  const isFinding = permission.name === k8sClusterReadPermission.name;
  if (binding.namespaces && isOfCluster && !isFinding) return undefined;
  const grant =
    ROLE_GRANTS[permission.name]?.[isByOwnership ? 'K8sAdmin' : role];
  return isGiven(grant, binding.options) ? grant : undefined;
}

/** What must be true of a cluster, or of what is in it, for the grant to hold; empty: nothing. */
function restrictionsOf(
  binding: RoleBinding,
  options: { permission: K8sPermission; grant: RoleGrant; claims: string[] },
): PermissionCondition[] {
  const { permission, grant, claims } = options;
  const isOfCluster = permission.resourceType === RESOURCE_TYPE_K8S_CLUSTER;
  const { isClusterOwner, hasClusterLabel } = isOfCluster
    ? k8sClusterConditions.conditions
    : k8sResourceConditions.conditions;
  const { isNamespace, isCategory } = k8sResourceConditions.conditions;
  const restrictions: PermissionCondition[] = [];
  if (binding.role === 'K8sClusterOwner')
    restrictions.push(isClusterOwner({ claims }));
  for (const [label, value] of Object.entries(binding.matchLabels ?? {}))
    restrictions.push(hasClusterLabel({ label, value }));
  if (isOfCluster) return restrictions;
  if (binding.namespaces)
    restrictions.push(isNamespace({ namespaces: binding.namespaces }));
  if (grant !== 'all')
    restrictions.push(isCategory({ categories: [...grant.categories] }));
  return restrictions;
}

/** All of several criteria, without a wrapper around a single one. */
function allOf(criteria: Criteria[]): Criteria {
  const [first, ...rest] = criteria;
  return rest.length === 0 ? first : { allOf: [first, ...rest] };
}

/** One of several criteria, without a wrapper around a single one. */
function anyOf(criteria: Criteria[]): Criteria {
  const [first, ...rest] = criteria;
  return rest.length === 0 ? first : { anyOf: [first, ...rest] };
}

/**
 * What a user with these bindings may do by a permission of ours; one that is not known is denied.
 *
 * @param permissionName - e.g. `k8s.resource.read`
 * @param options - the bindings that are the user's, and the user's ownership references in lower case
 */
export function decideByBindings(
  permissionName: string,
  options: { bindings: RoleBinding[]; claims: string[] },
): PolicyDecision {
  const permission = permissions.get(permissionName);
  if (!permission) return { result: AuthorizeResult.DENY };
  const alternatives = options.bindings.flatMap(binding => {
    const grant = grantOf(binding, permission);
    if (!grant) return [];
    const { claims } = options;
    return [restrictionsOf(binding, { permission, grant, claims })];
  });
  if (alternatives.length === 0) return { result: AuthorizeResult.DENY };
  if (alternatives.some(restrictions => restrictions.length === 0))
    return { result: AuthorizeResult.ALLOW };
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'k8s',
    resourceType: permission.resourceType,
    conditions: anyOf(alternatives.map(allOf)),
  };
}
