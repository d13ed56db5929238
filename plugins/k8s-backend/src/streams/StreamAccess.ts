import { InputError } from '@backstage/errors';
import { k8sResourceReadPermission } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { AuditScopes } from '../audit/AuditScopes';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { ServiceDeployments } from '../workloads/ServiceDeployments';
import type { Subscription } from './TopicSource';

/** Says what a caller may see of a subscription, so that a stream notices when that changes. */
export class StreamAccess {
  private readonly access: AccessControl;
  private readonly clusters: VisibleClusters;
  private readonly services: Pick<ServiceDeployments, 'select'>;
  private readonly audit: Pick<AuditScopes, 'of'>;

  constructor(options: {
    access: AccessControl;
    clusters: VisibleClusters;
    services: Pick<ServiceDeployments, 'select'>;
    audit: Pick<AuditScopes, 'of'>;
  }) {
    this.access = options.access;
    this.clusters = options.clusters;
    this.services = options.services;
    this.audit = options.audit;
  }

  /**
   * A text that is the same as long as the caller may see the same.
   *
   * @throws NotFoundError when the cluster or the catalog entity does not exist or may not be seen
   */
  async of(
    subscription: Subscription,
    context: RequestContext,
  ): Promise<string> {
    const { topic, cluster, entity } = subscription;
    const visible =
      cluster === undefined
        ? await this.clusters.list(context)
        : [await this.clusters.get(cluster, context)];
    if (topic === 'clusters' || topic === 'health') {
      return JSON.stringify(visible.map(({ id }) => id).sort());
    }
    if (topic === 'audit') {
      return JSON.stringify((await this.audit.of(context)).scope);
    }
    const sight =
      topic === 'service' && entity !== undefined
        ? await this.entity(entity, context)
        : undefined;
    const filters = await Promise.all(
      visible.map(reference =>
        this.access.filter(k8sResourceReadPermission, reference, context),
      ),
    );
    return JSON.stringify([sight, filters]);
  }

  /** What a catalog entity stands for: where its deployments are looked for, or why it stands for nothing. @throws NotFoundError */
  private async entity(
    entity: string,
    context: RequestContext,
  ): Promise<object> {
    try {
      const selection = await this.services.select(entity, context);
      const { labelSelector, namespace, clusters = [] } = selection ?? {};
      const ids = clusters.map(({ id }) => id).sort();
      return { labelSelector, namespace, ids };
    } catch (error) {
      if (error instanceof InputError) return { invalid: error.message };
      throw error;
    }
  }
}
