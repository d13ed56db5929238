import { k8sClusterReadPermission } from '@backstage-k8s/plugin-k8s-common';
import type { Config } from '@backstage/config';
import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  isResourcePermission,
} from '@backstage/plugin-permission-common';
import type { PolicyDecision } from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { decideByBindings } from './decideByBindings';
import { hideClusterEntities } from './hideClusterEntities';
import { readRoleBindings } from './readRoleBindings';
import type { RoleBinding } from './RoleBinding';

/** Every permission of the suite, also one of a module that this version does not know: it is denied, not delegated. */
const PREFIX = 'k8s.';

const allowEverything: PermissionPolicy = {
  handle: async () => ({ result: AuthorizeResult.ALLOW }),
};

/**
 * Decides about the permissions of the suite by role bindings, and hides the catalog entities of clusters that a user
 * may not see. Everything else is the delegate's business.
 *
 * @public
 */
export class K8sPolicy implements PermissionPolicy {
  readonly #bindings: readonly RoleBinding[];
  readonly #delegate: PermissionPolicy;

  /** @param options - the delegate decides what is not ours; absent: all of it is allowed */
  constructor(options: {
    bindings: readonly RoleBinding[];
    delegate?: PermissionPolicy;
  }) {
    this.#bindings = options.bindings;
    this.#delegate = options.delegate ?? allowEverything;
  }

  /**
   * With the bindings of `k8s.permission.bindings`.
   *
   * @throws InputError for a binding that is not right.
   */
  static fromConfig(
    config: Config,
    options: { delegate?: PermissionPolicy } = {},
  ): K8sPolicy {
    return new K8sPolicy({ bindings: readRoleBindings(config), ...options });
  }

  /** Decides by the bindings, or asks the delegate for what is not ours. */
  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const { permission } = request;
    if (permission.name.startsWith(PREFIX))
      return this.#decide(permission.name, user);
    const decision = await this.#delegate.handle(request, user);
    if (!isResourcePermission(permission, RESOURCE_TYPE_CATALOG_ENTITY))
      return decision;
    const clusters = this.#decide(k8sClusterReadPermission.name, user);
    return hideClusterEntities(decision, clusters);
  }

  #decide(permissionName: string, user?: PolicyQueryUser): PolicyDecision {
    // Not a user but a service: what those may do is configured in the back end of the suite, not here.
    if (!user) return { result: AuthorizeResult.DENY };
    const lowerCase = (ref: string) => ref.toLocaleLowerCase('en-US');
    const self = lowerCase(user.info.userEntityRef);
    const claims = user.info.ownershipEntityRefs.map(lowerCase);
    const bindings = this.#bindings.filter(
      ({ users, groups }) =>
        users.includes(self) || groups.some(group => claims.includes(group)),
    );
    return decideByBindings(permissionName, { bindings, claims });
  }
}
