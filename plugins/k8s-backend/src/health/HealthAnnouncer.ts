import type { AuthService, LoggerService } from '@backstage/backend-plugin-api';
import type { EventsService } from '@backstage/plugin-events-node';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { AuditLog } from '../audit/AuditLog';
import type { RegisteredCluster } from '../clusters/ClusterStore';
import type { ClusterCheck, HealthStatus } from './HealthCheck';
import { systemContext } from './systemContext';

/** Topic of the events that tell of clusters whose status changed. */
export const HEALTH_TOPIC = 'k8s.health';

const SEVERITIES: Record<HealthStatus, 'critical' | 'high' | 'normal' | 'low'> =
  {
    unreachable: 'critical',
    unhealthy: 'critical',
    degraded: 'high',
    unknown: 'normal',
    healthy: 'low',
  };

/** Tells of a cluster whose status changed: others by an event, its owner by a notification, the audit by an entry. */
export class HealthAnnouncer {
  constructor(
    private readonly options: {
      audit: AuditLog;
      auth: AuthService;
      events: Pick<EventsService, 'publish'>;
      /** Absent: nobody is notified. */
      notifications?: NotificationService;
      logger: LoggerService;
    },
  ) {}

  /** Never fails: what cannot be told is logged. */
  async announce(
    cluster: RegisteredCluster,
    change: { from: HealthStatus; check: ClusterCheck },
  ): Promise<void> {
    const { from, check } = change;
    const { id, name } = cluster;
    const { status: to, reason } = check;
    const { audit, auth, events } = this.options;
    await Promise.all([
      this.#attempt(id, () =>
        events.publish({
          topic: HEALTH_TOPIC,
          eventPayload: { id, name, from, to, reason },
        }),
      ),
      this.#attempt(id, async () =>
        audit.change(
          {
            action: 'cluster.health',
            cluster: { id, name },
            details: { from, to, reason },
          },
          await systemContext(auth),
          async () => {},
        ),
      ),
      this.#attempt(id, () => this.#notify(cluster, change)),
    ]);
  }

  async #notify(
    { id, name, owner }: RegisteredCluster,
    { from, check }: { from: HealthStatus; check: ClusterCheck },
  ) {
    const { notifications } = this.options;
    // A cluster that was just registered and works is no news.
    const isNews = !(from === 'unknown' && check.status === 'healthy');
    if (!notifications || !owner || !isNews) return;
    await notifications.send({
      recipients: { type: 'entity', entityRef: owner },
      payload: {
        title: `The cluster ${name} is ${check.status}`,
        ...(check.reason !== undefined && { description: check.reason }),
        link: `/k8s/clusters/${id}`,
        severity: SEVERITIES[check.status],
        topic: HEALTH_TOPIC,
        // One notification per cluster, which the next change replaces.
        scope: `k8s-health-${id}`,
      },
    });
  }

  async #attempt(cluster: string, work: () => Promise<void>) {
    try {
      await work();
    } catch (error) {
      this.options.logger.warn('A change of health cannot be told', {
        cluster,
        error: String(error),
      });
    }
  }
}
