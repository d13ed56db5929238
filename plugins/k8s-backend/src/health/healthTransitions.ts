import type {
  ClusterCheck,
  HealthComponent,
  HealthTransition,
} from './HealthCheck';

/** Which statuses a check found changed; before the first check everything is unknown. */
export function healthTransitions(
  previous: ClusterCheck | undefined,
  next: ClusterCheck,
): HealthTransition[] {
  const at = next.checkedAt;
  const before = (name: HealthComponent['name']) =>
    previous?.components.find(component => component.name === name)?.status ??
    'unknown';
  const parts = next.components
    .filter(({ name, status }) => status !== before(name))
    .map(({ name, status, message }) => ({
      component: name,
      status,
      message,
      at,
    }));
  return next.status === (previous?.status ?? 'unknown')
    ? parts
    : [
        ...parts,
        {
          component: 'cluster',
          status: next.status,
          message: next.reason,
          at,
        },
      ];
}

/** Whether two checks would be shown differently, times and latency aside. */
export function differs(
  previous: ClusterCheck | undefined,
  next: ClusterCheck | undefined,
): boolean {
  const essence = (check: ClusterCheck | undefined) =>
    check &&
    JSON.stringify([
      check.status,
      check.reason,
      check.version,
      check.components.map(({ name, status, message, namingMessage }) => [
        name,
        status,
        message,
        namingMessage,
      ]),
    ]);
  return essence(previous) !== essence(next);
}
