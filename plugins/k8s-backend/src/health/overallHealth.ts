import type {
  ComponentName,
  HealthComponent,
  HealthStatus,
} from './HealthCheck';

/** Parts without which a cluster does not work; of the others it works worse. */
const VITAL: readonly ComponentName[] = ['apiserver', 'etcd'];
const BAD: readonly HealthStatus[] = ['unhealthy', 'unreachable'];

/** The status of a cluster whose API server answered, by its components, and why. */
export function overallHealth(components: readonly HealthComponent[]): {
  status: HealthStatus;
  reason?: string;
} {
  const because = (
    status: HealthStatus,
    { name, message }: HealthComponent,
  ) => ({
    status,
    reason: message === undefined ? name : `${name}: ${message}`,
  });
  const vital = components.find(
    ({ name, status }) => VITAL.includes(name) && BAD.includes(status),
  );
  if (vital) return because('unhealthy', vital);
  const bad =
    components.find(({ status }) => BAD.includes(status)) ??
    components.find(({ status }) => status === 'degraded');
  return bad ? because('degraded', bad) : { status: 'healthy' };
}
