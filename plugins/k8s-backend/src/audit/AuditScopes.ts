import { k8sAuditReadPermission } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { AuditScope } from './AuditStore';

/** Tells whose entries of the audit a caller may know: all, those of some clusters, or the own ones. */
export class AuditScopes {
  readonly #access: AccessControl;
  readonly #clusters: VisibleClusters;

  constructor(options: { access: AccessControl; clusters: VisibleClusters }) {
    this.#access = options.access;
    this.#clusters = options.clusters;
  }

  async of(
    context: RequestContext,
  ): Promise<{ scope: AuditScope; name: 'all' | 'clusters' | 'own' }> {
    const permission = k8sAuditReadPermission;
    if (await this.#access.allowsEveryCluster(permission, context)) {
      return { scope: 'all', name: 'all' };
    }
    const readable: string[] = [];
    for (const cluster of await this.#clusters.list(context)) {
      if (await this.#access.allowsCluster(permission, cluster, context)) {
        readable.push(cluster.id);
      }
    }
    return {
      scope: { actor: context.principal.ref, clusters: readable },
      name: readable.length > 0 ? 'clusters' : 'own',
    };
  }
}
