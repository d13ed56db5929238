import { InputError, isError } from '@backstage/errors';
import {
  k8sAuditReadPermission,
  k8sClusterDeletePermission,
  k8sClusterReadPermission,
  k8sClusterRegisterPermission,
  k8sClusterUpdatePermission,
  k8sLogsReadPermission,
  k8sResourceCreatePermission,
  k8sResourceDeletePermission,
  k8sResourceReadPermission,
  k8sResourceUpdatePermission,
  k8sTerminalOpenPermission,
  leastRole,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterPermission,
  ClusterReference,
  K8sResourcePermission,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { toResourceReference } from '../resources/resourceReference';
import type { HandlerResult, Handlers } from '../router/Handlers';
import type { AccessControl } from './AccessControl';
import type { VisibleClusters } from './VisibleClusters';

type Review = Schema<'AccessReview'>;
type Answer = HandlerResult<'reviewAccess'>['reviews'][number];

const CLUSTER_ACTIONS = new Map<Review['action'], ClusterPermission>([
  ['cluster.read', k8sClusterReadPermission],
  ['cluster.update', k8sClusterUpdatePermission],
  ['cluster.delete', k8sClusterDeletePermission],
]);
const RESOURCE_ACTIONS = new Map<Review['action'], K8sResourcePermission>([
  ['resource.read', k8sResourceReadPermission],
  ['resource.create', k8sResourceCreatePermission],
  ['resource.update', k8sResourceUpdatePermission],
  ['resource.delete', k8sResourceDeletePermission],
  ['logs.read', k8sLogsReadPermission],
  ['terminal.open', k8sTerminalOpenPermission],
]);

/** The cluster that somebody would register: nothing is known of it yet. */
const NEW_CLUSTER: ClusterReference = { name: 'new', labels: {} };

/** What the handlers of access work with. */
export interface AccessHandlersOptions {
  access: AccessControl;
  clusters: VisibleClusters;
}

class AccessReviewer {
  constructor(private readonly options: AccessHandlersOptions) {}

  async review(review: Review, context: RequestContext): Promise<Answer> {
    const { access } = this.options;
    if (review.action === 'cluster.register') {
      const permission = k8sClusterRegisterPermission;
      return (await access.allowsSomeCluster(permission, context))
        ? { allowed: true }
        : this.refuse(permission, NEW_CLUSTER, context);
    }
    if (review.action === 'audit.readAll') {
      const permission = k8sAuditReadPermission;
      return (await access.allowsEveryCluster(permission, context))
        ? { allowed: true }
        : {
            allowed: false,
            role: leastRole(permission.name),
            reason: 'Without it you see what you did yourself',
          };
    }
    if (review.cluster === undefined) {
      throw new InputError(`A review of ${review.action} needs the cluster`);
    }
    return this.reviewInCluster(review, review.cluster, context);
  }

  private async reviewInCluster(
    review: Review,
    clusterId: string,
    context: RequestContext,
  ): Promise<Answer> {
    const { access, clusters } = this.options;
    let cluster: ClusterReference;
    try {
      cluster = await clusters.get(clusterId, context);
    } catch (error) {
      if (!isError(error) || error.name !== 'NotFoundError') throw error;
      return { allowed: false, reason: error.message };
    }
    const clusterPermission = CLUSTER_ACTIONS.get(review.action);
    if (clusterPermission) {
      return (await access.allowsCluster(clusterPermission, cluster, context))
        ? { allowed: true }
        : this.refuse(clusterPermission, cluster, context);
    }
    const permission = RESOURCE_ACTIONS.get(review.action)!;
    if (review.plural === undefined) {
      throw new InputError(`A review of ${review.action} needs the plural`);
    }
    const resource = toResourceReference(cluster, {
      group: review.group ?? '',
      plural: review.plural,
      namespace: review.namespace,
      name: review.name,
    });
    return (await access.allowsResource(permission, resource, context))
      ? { allowed: true }
      : this.refuse(permission, resource, context);
  }

  private refuse(
    permission: ClusterPermission | K8sResourcePermission,
    subject: Parameters<AccessControl['refusal']>[1],
    context: RequestContext,
  ): Answer {
    return {
      allowed: false,
      role: leastRole(
        permission.name,
        'category' in subject ? subject.category : undefined,
      ),
      reason: this.options.access.refusal(permission, subject, context),
    };
  }
}

/** Answers what the caller may do, by the same decisions that a change is refused by. */
export function accessHandlers(
  options: AccessHandlersOptions,
): Pick<Handlers, 'reviewAccess'> {
  const reviewer = new AccessReviewer(options);
  return {
    reviewAccess: async ({ body, context }) => ({
      reviews: await Promise.all(
        body.reviews.map(review => reviewer.review(review, context)),
      ),
    }),
  };
}
