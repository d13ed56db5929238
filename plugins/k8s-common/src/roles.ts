import { OPERATOR_CATEGORIES } from './kinds';
import type { ResourceCategory } from './kinds';

/** The roles, from least to most. K8sClusterOwner is K8sAdmin on the clusters that one owns. @public */
export const K8S_ROLES = [
  'K8sViewer',
  'K8sOperator',
  'K8sAdmin',
  'K8sClusterOwner',
] as const;

/** The name of a role. @public */
export type K8sRole = (typeof K8S_ROLES)[number];

/** The roles that need no ownership, from least to most. @public */
export type K8sGrantedRole = Exclude<K8sRole, 'K8sClusterOwner'>;

/** What a binding of a role can give besides, each of which it has to say. @public */
export const BINDING_OPTIONS = ['terminal'] as const;

/** One of {@link BINDING_OPTIONS}. @public */
export type BindingOption = (typeof BINDING_OPTIONS)[number];

/**
 * What a role may do by one permission: nothing when it has no row. `all`, or only some categories, and with `option` only where
 * the binding says so.
 *
 * @public
 */
export type RoleGrant =
  | 'all'
  | { categories: readonly ResourceCategory[]; option?: BindingOption };

const OPERATOR_CHANGES = { categories: OPERATOR_CATEGORIES };

/**
 * Permission by name to the least role and what each role gets. The one table that the ready policy, services, the
 * answer to "which role is missing" and the tests of the roles come from.
 *
 * @public
 */
export const ROLE_GRANTS: Readonly<
  Record<string, Partial<Record<K8sGrantedRole, RoleGrant>>>
> = {
  'k8s.cluster.read': { K8sViewer: 'all', K8sOperator: 'all', K8sAdmin: 'all' },
  'k8s.cluster.register': { K8sAdmin: 'all' },
  'k8s.cluster.update': { K8sAdmin: 'all' },
  'k8s.cluster.delete': { K8sAdmin: 'all' },
  'k8s.audit.read': { K8sAdmin: 'all' },
  'k8s.resource.read': {
    K8sViewer: 'all',
    K8sOperator: 'all',
    K8sAdmin: 'all',
  },
  'k8s.resource.create': { K8sOperator: OPERATOR_CHANGES, K8sAdmin: 'all' },
  'k8s.resource.update': { K8sOperator: OPERATOR_CHANGES, K8sAdmin: 'all' },
  'k8s.resource.delete': { K8sOperator: OPERATOR_CHANGES, K8sAdmin: 'all' },
  'k8s.logs.read': { K8sViewer: 'all', K8sOperator: 'all', K8sAdmin: 'all' },
  'k8s.terminal.open': {
    K8sOperator: { ...OPERATOR_CHANGES, option: 'terminal' },
    K8sAdmin: 'all',
  },
};

/** Permissions that owning a cluster does not give: they are about clusters that nobody owns yet. @public */
export const NOT_BY_OWNERSHIP: readonly string[] = ['k8s.cluster.register'];

/** Whether a binding gives the grant: it does not need an option that the binding does not say. @public */
export function isGiven(
  grant: RoleGrant | undefined,
  options: readonly BindingOption[] = [],
): grant is RoleGrant {
  if (!grant) return false;
  return (
    grant === 'all' ||
    grant.option === undefined ||
    options.includes(grant.option)
  );
}

/** Whether a role's grant, by a binding without options, covers a category; clusters have none. @public */
export function grantCovers(
  grant: RoleGrant | undefined,
  category?: ResourceCategory,
): boolean {
  if (!isGiven(grant)) return false;
  if (grant === 'all') return true;
  return category !== undefined && grant.categories.includes(category);
}

/** The least role that a permission is given to without options, or undefined for a permission that is not ours. @public */
export function leastRole(
  permission: string,
  category?: ResourceCategory,
): K8sGrantedRole | undefined {
  const grants = ROLE_GRANTS[permission];
  const order: K8sGrantedRole[] = ['K8sViewer', 'K8sOperator', 'K8sAdmin'];
  return order.find(role => grantCovers(grants?.[role], category));
}
