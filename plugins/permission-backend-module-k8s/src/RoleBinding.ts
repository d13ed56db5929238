import type { BindingOption, K8sRole } from '@backstage-k8s/plugin-k8s-common';

/** Who has a role, and where: a row of `k8s.permission.bindings`. @public */
export interface RoleBinding {
  /** K8sClusterOwner holds on the clusters that the subjects own. */
  role: K8sRole;
  /** Full entity references in lower case. */
  users: string[];
  /** Full entity references in lower case. */
  groups: string[];
  /** Labels that a cluster must have, all of them; absent: all clusters. */
  matchLabels?: Record<string, string>;
  /** The only namespaces; absent: all, and what is in none. */
  namespaces?: string[];
  /** What it gives besides; absent: nothing. */
  options?: BindingOption[];
}
