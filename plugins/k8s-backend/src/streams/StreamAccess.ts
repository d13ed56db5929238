import { k8sResourceReadPermission } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { Subscription } from './TopicSource';

/** Says what a caller may see of a subscription, so that a stream notices when that changes. */
export class StreamAccess {
  private readonly access: AccessControl;
  private readonly clusters: VisibleClusters;

  constructor(options: { access: AccessControl; clusters: VisibleClusters }) {
    this.access = options.access;
    this.clusters = options.clusters;
  }

  /**
   * A text that is the same as long as the caller may see the same.
   *
   * @throws NotFoundError when the cluster does not exist or may not be seen
   */
  async of(
    subscription: Subscription,
    context: RequestContext,
  ): Promise<string> {
    const { topic, cluster } = subscription;
    const visible =
      cluster === undefined
        ? await this.clusters.list(context)
        : [await this.clusters.get(cluster, context)];
    if (topic === 'clusters' || topic === 'health') {
      return JSON.stringify(visible.map(({ id }) => id).sort());
    }
    const filters = await Promise.all(
      visible.map(reference =>
        this.access.filter(k8sResourceReadPermission, reference, context),
      ),
    );
    return JSON.stringify(filters);
  }
}
