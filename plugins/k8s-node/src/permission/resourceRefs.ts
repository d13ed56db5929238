import type {
  ClusterReference,
  ResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import {
  RESOURCE_TYPE_K8S_CLUSTER,
  RESOURCE_TYPE_K8S_RESOURCE,
} from '@backstage-k8s/plugin-k8s-common';
import type { PermissionRuleParams } from '@backstage/plugin-permission-common';
import { createPermissionResourceRef } from '@backstage/plugin-permission-node';

/**
 * What `toQuery` of our rules gives: the rule and its parameters as they are. Rows are filtered by the rule itself, so
 * that a list and a single object cannot be decided differently.
 *
 * @public
 */
export interface RulePredicate {
  readonly rule: string;
  readonly params: PermissionRuleParams;
}

/** Clusters, for `permissionsRegistry.addResourceType` and for rules of others. @public */
export const k8sClusterResourceRef = createPermissionResourceRef<
  ClusterReference,
  RulePredicate
>().with({ pluginId: 'k8s', resourceType: RESOURCE_TYPE_K8S_CLUSTER });

/** What is in clusters, for `permissionsRegistry.addResourceType` and for rules of others. @public */
export const k8sResourceResourceRef = createPermissionResourceRef<
  ResourceReference,
  RulePredicate
>().with({ pluginId: 'k8s', resourceType: RESOURCE_TYPE_K8S_RESOURCE });
