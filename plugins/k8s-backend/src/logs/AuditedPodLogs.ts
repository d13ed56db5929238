import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { AuditLog } from '../audit/AuditLog';
import type { LogEvent, LogsQuery, PodLogs } from './PodLogs';

/** Puts into the audit whose logs were opened, once for all pods of a request, and what was refused; not what is in them. */
export class AuditedPodLogs implements PodLogs {
  readonly #logs: PodLogs;
  readonly #audit: AuditLog;
  readonly #clusters: VisibleClusters;

  constructor(options: {
    logs: PodLogs;
    audit: AuditLog;
    clusters: VisibleClusters;
  }) {
    this.#logs = options.logs;
    this.#audit = options.audit;
    this.#clusters = options.clusters;
  }

  async open(
    query: LogsQuery,
    options: { context: RequestContext },
  ): Promise<AsyncIterable<LogEvent>> {
    const { context } = options;
    const { cluster, namespace, pods, ...details } = query;
    // Only for people who read the audit later: a cluster that cannot be looked up is refused by the layer below.
    const known = await this.#clusters.get(cluster, context).catch(() => {});
    const isOne = pods?.length === 1;
    return this.#audit.change(
      {
        action: 'logs.read',
        cluster: { id: cluster, name: known?.name },
        resource: {
          group: '',
          plural: 'pods',
          namespace,
          ...(isOne && { name: pods[0] }),
        },
        details: { ...(!isOne && { pods }), ...details },
      },
      context,
      () => this.#logs.open(query, options),
    );
  }
}
