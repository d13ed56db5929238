/**
 * Decides by Backstage's permissions. The policy is asked for conditions once per caller and permission, and they are applied
 * here. Two cases Backstage would allow everything in are decided by the table of roles instead: permissions switched off
 * (`permission.enabled` not true: everybody reads like a K8sViewer, nobody changes anything), and services.
 */
import type {
  AuthService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  k8sClusterReadPermission,
  k8sResourceReadPermission,
  leastRole,
  ROLE_GRANTS,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  BindingOption,
  ClusterPermission,
  ClusterReference,
  K8sResourcePermission,
  ResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import { k8sClusterRules } from '@backstage-k8s/plugin-k8s-node';
import type {
  AccessFilter,
  RequestContext,
} from '@backstage-k8s/plugin-k8s-node';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  PolicyDecision,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import type { ServiceGrant } from '../config/readK8sConfig';
import type { AccessControl } from './AccessControl';
import { compileCriteria } from './compileCriteria';
import type { AnyRule } from './compileCriteria';
import { RESOURCE_RULES } from './createAccessPredicate';
import { DecisionMemory, OUTAGE_MS } from './DecisionMemory';
import { isWithinRestrictions, serviceDecision } from './serviceDecision';
import type { AccessDecision } from './serviceDecision';

type AnyPermission = ClusterPermission | K8sResourcePermission;

const CLUSTER_RULES: ReadonlyMap<string, AnyRule<ClusterReference>> = new Map(
  Object.values(k8sClusterRules).map(rule => [
    rule.name,
    rule as AnyRule<ClusterReference>,
  ]),
);

function place(subject: ClusterReference | ResourceReference): string {
  if (!('cluster' in subject)) {
    return subject.id === undefined
      ? 'to register a cluster'
      : `on the cluster "${subject.name}"`;
  }
  const { cluster, namespace } = subject;
  return namespace === undefined
    ? `on the cluster "${cluster.name}"`
    : `in the namespace "${namespace}" of the cluster "${cluster.name}"`;
}

/** What a binding of K8sOperator has to say for the permission; undefined where that is not enough or not needed. */
function optionOf(
  permission: string,
  category: ResourceReference['category'] | undefined,
): BindingOption | undefined {
  const grant = ROLE_GRANTS[permission]?.K8sOperator;
  return grant &&
    grant !== 'all' &&
    category &&
    grant.categories.includes(category)
    ? grant.option
    : undefined;
}

/** Whoever reads what is in clusters needs them: one question instead of three. */
const ASKED_TOGETHER: readonly ResourcePermission[] = [
  k8sClusterReadPermission,
  k8sResourceReadPermission,
  catalogEntityReadPermission,
];

function decisionOf(decision: PolicyDecision): AccessDecision {
  switch (decision.result) {
    case AuthorizeResult.ALLOW:
      return 'all';
    case AuthorizeResult.CONDITIONAL:
      return decision.conditions;
    default:
      return 'none';
  }
}

/** Access control by Backstage's permissions and the configuration of services. */
export class PermissionsAccessControl implements AccessControl {
  private readonly auth: AuthService;
  private readonly permissions: PermissionsService;
  private readonly permissionEnabled: boolean;
  private readonly services: readonly ServiceGrant[];
  private readonly memory: DecisionMemory<ReadonlyMap<string, AccessDecision>>;

  /** @param options - `permissionEnabled`: whether `permission.enabled` is true */
  constructor(options: {
    auth: AuthService;
    permissions: PermissionsService;
    permissionEnabled: boolean;
    services: readonly ServiceGrant[];
    logger: LoggerService;
  }) {
    this.auth = options.auth;
    this.permissions = options.permissions;
    this.permissionEnabled = options.permissionEnabled;
    this.services = options.services;
    this.memory = new DecisionMemory({
      logger: options.logger,
      source: 'permission policy',
    });
  }

  async allowsCluster(
    permission: ClusterPermission,
    cluster: ClusterReference,
    context: RequestContext,
  ): Promise<boolean> {
    const decision = await this.decide(permission, context);
    if (decision === 'all' || decision === 'none') return decision === 'all';
    return compileCriteria(decision, CLUSTER_RULES)(cluster);
  }

  async allowsResource(
    permission: K8sResourcePermission,
    resource: ResourceReference,
    context: RequestContext,
  ): Promise<boolean> {
    const decision = await this.decide(permission, context);
    if (decision === 'all' || decision === 'none') return decision === 'all';
    return compileCriteria(decision, RESOURCE_RULES)(resource);
  }

  async filter(
    permission: K8sResourcePermission,
    cluster: ClusterReference,
    context: RequestContext,
  ): Promise<AccessFilter> {
    return { cluster, criteria: await this.decide(permission, context) };
  }

  async allowsEveryCluster(
    permission: ClusterPermission,
    context: RequestContext,
  ): Promise<boolean> {
    return (await this.decide(permission, context)) === 'all';
  }

  async allowsSomeCluster(
    permission: ClusterPermission,
    context: RequestContext,
  ): Promise<boolean> {
    return (await this.decide(permission, context)) !== 'none';
  }

  async readsWholeCatalog(context: RequestContext): Promise<boolean> {
    // A service has grants of its own; the catalog knows what it may.
    if (context.principal.type !== 'user') return false;
    if (!this.permissionEnabled) return true;
    const permission = catalogEntityReadPermission;
    return (await this.remembered(permission, context)) === 'all';
  }

  refusal(
    permission: AnyPermission,
    subject: ClusterReference | ResourceReference,
    context: RequestContext,
  ): string {
    const { principal } = context;
    const category = 'category' in subject ? subject.category : undefined;
    const role = leastRole(permission.name, category);
    if (!this.permissionEnabled && permission.attributes.action !== 'read') {
      return 'Nothing can be changed while `permission.enabled` is not true in the configuration of the portal';
    }
    if (principal.type === 'service') {
      return this.isRestricted(permission, context)
        ? `The token of ${principal.ref} is restricted to other permissions than ${permission.name}`
        : `${principal.ref} needs the role ${role} ${place(
            subject,
          )}, given in \`k8s.permission.services\``;
    }
    const option = optionOf(permission.name, category);
    const other = option
      ? `, or K8sOperator by a binding that says \`${option}: true\``
      : '';
    return `This needs the role ${role} ${place(subject)}${other}`;
  }

  private async decide(
    permission: AnyPermission,
    context: RequestContext,
  ): Promise<AccessDecision> {
    const { type, ref } = context.principal;
    // Work of our own; no request is ever of this type.
    if (type === 'system') return 'all';
    if (type === 'anonymous') return 'none';
    if (!this.permissionEnabled && permission.attributes.action !== 'read') {
      return 'none';
    }
    if (type === 'service') {
      if (this.isRestricted(permission, context)) return 'none';
      const grants = this.services.filter(({ subject }) => subject === ref);
      const role = 'K8sViewer' as const;
      return serviceDecision(
        permission,
        this.permissionEnabled
          ? grants
          : grants.map(grant => ({ ...grant, role })),
      );
    }
    if (!this.permissionEnabled) {
      return ROLE_GRANTS[permission.name]?.K8sViewer === 'all' ? 'all' : 'none';
    }
    return this.remembered(permission, context);
  }

  private async remembered(
    permission: ResourcePermission,
    context: RequestContext,
  ): Promise<AccessDecision> {
    const isRead = permission.attributes.action === 'read';
    const asked = ASKED_TOGETHER.includes(permission)
      ? ASKED_TOGETHER
      : [permission];
    const names = asked.map(({ name }) => name);
    const decisions = await this.memory.get(
      [context.principal.ref, ...names].join(' '),
      {
        ask: () => this.ask(asked, context),
        outageMs: isRead ? OUTAGE_MS : 0,
        since: context.rights?.since,
      },
    );
    return decisions.get(permission.name) ?? 'none';
  }

  private async ask(
    asked: readonly ResourcePermission[],
    { credentials }: RequestContext,
  ): Promise<ReadonlyMap<string, AccessDecision>> {
    const decisions = await this.permissions.authorizeConditional(
      asked.map(permission => ({ permission })),
      { credentials },
    );
    return new Map(
      decisions.map((decision, index) => [
        asked[index].name,
        decisionOf(decision),
      ]),
    );
  }

  private isRestricted(
    permission: AnyPermission,
    context: RequestContext,
  ): boolean {
    const { credentials } = context;
    return (
      this.auth.isPrincipal(credentials, 'service') &&
      !isWithinRestrictions(
        permission,
        credentials.principal.accessRestrictions,
      )
    );
  }
}
