import type {
  PermissionCondition,
  PermissionCriteria,
} from '@backstage/plugin-permission-common';
import type { ClusterReference } from '@backstage-k8s/plugin-k8s-common';

/**
 * Which objects of one cluster a query may answer with, as data, so that it can be sent to where the objects are. It is
 * applied before sorting and paging: a row that may not be seen does not count.
 *
 * @public
 */
export interface AccessFilter {
  /** The cluster as the conditions see it. */
  readonly cluster: ClusterReference;
  /** Everything, nothing, or what the permission conditions (rules of `k8s-resource`) let through. */
  readonly criteria: 'all' | 'none' | PermissionCriteria<PermissionCondition>;
}
