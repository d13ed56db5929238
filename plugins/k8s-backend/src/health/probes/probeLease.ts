import type { HealthComponent } from '../HealthCheck';
import { untold } from './Probe';
import type { ProbeTools } from './Probe';

/** A Lease, as far as it is looked at. */
interface Lease {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    renewTime?: string;
  };
}

/** Kubernetes' default, for a lease that does not say. */
const DEFAULT_DURATION_SECONDS = 15;
// The API server's `Date` counts whole seconds, and a renewal takes its time.
const TOLERANCE_MS = 2_000;

/**
 * Looks whether a component still renews the lease by which its instances elect a leader. Times are compared by the API
 * server's clock, not ours.
 */
export async function probeLease(
  name: 'controller-manager' | 'scheduler',
  { ask, now }: ProbeTools,
): Promise<HealthComponent | undefined> {
  const lease = `kube-${name}`;
  const source = `Lease kube-system/${lease}`;
  try {
    const response = await ask({
      path: `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${lease}`,
    });
    const date = Date.parse(response.headers.date ?? '');
    const serverTime = Number.isNaN(date) ? now.getTime() : date;
    const { spec = {} } = await response.json<Lease>();
    return componentOf(spec, { name, source, serverTime });
  } catch (error) {
    return untold(error, {
      name,
      source,
      absent:
        'It has no lease here; in a managed cluster its provider watches over it',
    });
  }
}

function componentOf(
  spec: NonNullable<Lease['spec']>,
  options: {
    name: 'controller-manager' | 'scheduler';
    source: string;
    serverTime: number;
  },
): HealthComponent {
  const { name, source, serverTime } = options;
  const renewedAt = Date.parse(spec.renewTime ?? '');
  if (Number.isNaN(renewedAt)) {
    return { name, source, status: 'unknown', message: 'Its lease is empty' };
  }
  const seen = new Date(renewedAt).toISOString();
  const durationMs =
    (spec.leaseDurationSeconds ?? DEFAULT_DURATION_SECONDS) * 1000;
  if (!spec.holderIdentity) {
    const message = 'It gave up its lease: no instance of it leads';
    return { name, source, status: 'unhealthy', message, seen };
  }
  if (serverTime - renewedAt > durationMs + TOLERANCE_MS) {
    const message = `It has not renewed its lease since ${seen}`;
    return { name, source, status: 'unhealthy', message, seen };
  }
  return { name, source, status: 'healthy', seen };
}
