import type { BackstageServicePrincipal } from '@backstage/backend-plugin-api';
import {
  isGiven,
  RESOURCE_TYPE_K8S_CLUSTER,
  ROLE_GRANTS,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterPermission,
  K8sResourcePermission,
} from '@backstage-k8s/plugin-k8s-common';
import {
  k8sClusterConditions,
  k8sResourceConditions,
} from '@backstage-k8s/plugin-k8s-node';
import type {
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import type { ServiceGrant } from '../config/readK8sConfig';

/** What a caller may do by one permission: everything, nothing, or what the conditions let through. */
export type AccessDecision =
  | 'all'
  | 'none'
  | PermissionCriteria<PermissionCondition>;

/** Whether Backstage's own restrictions of a service token leave the permission to it. */
export function isWithinRestrictions(
  permission: ClusterPermission | K8sResourcePermission,
  restrictions: BackstageServicePrincipal['accessRestrictions'],
): boolean {
  const { permissionNames, permissionAttributes } = restrictions ?? {};
  if (permissionNames && !permissionNames.includes(permission.name)) {
    return false;
  }
  const { action } = permission.attributes;
  return (
    !permissionAttributes?.action ||
    (action !== undefined && permissionAttributes.action.includes(action))
  );
}

/**
 * What a service may do. Backstage allows services everything; ours have what `k8s.permission.services` gives them, by the
 * table that roles of users come from.
 */
export function serviceDecision(
  permission: ClusterPermission | K8sResourcePermission,
  grants: readonly ServiceGrant[],
): AccessDecision {
  const isOfCluster = permission.resourceType === RESOURCE_TYPE_K8S_CLUSTER;
  const { hasClusterLabel } = isOfCluster
    ? k8sClusterConditions.conditions
    : k8sResourceConditions.conditions;
  const { isCategory } = k8sResourceConditions.conditions;
  const alternatives = grants.flatMap(({ role, matchLabels }) => {
    const grant = ROLE_GRANTS[permission.name]?.[role];
    if (!isGiven(grant)) return [];
    const restrictions: PermissionCondition[] = Object.entries(
      matchLabels ?? {},
    ).map(([label, value]) => hasClusterLabel({ label, value }));
    if (grant !== 'all') {
      restrictions.push(isCategory({ categories: [...grant.categories] }));
    }
    return [restrictions];
  });
  if (alternatives.some(restrictions => restrictions.length === 0)) {
    return 'all';
  }
  const [first, ...rest] = alternatives.map(
    ([head, ...tail]): PermissionCriteria<PermissionCondition> => ({
      allOf: [head, ...tail],
    }),
  );
  return first ? { anyOf: [first, ...rest] } : 'none';
}
