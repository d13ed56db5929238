import { clusterFailureOf } from '../../errors/clusterErrors';
import type { HealthComponent } from '../HealthCheck';
import { untold } from './Probe';
import type { ProbeTools } from './Probe';

const SOURCE = '/readyz/etcd';
const INTERNAL_ERROR = 500;

/** Asks the API server whether its etcd answers; it gives etcd two seconds. */
export async function probeEtcd({
  ask,
  now,
}: ProbeTools): Promise<HealthComponent | undefined> {
  const etcd = (status: HealthComponent['status'], message?: string) => ({
    name: 'etcd' as const,
    source: SOURCE,
    status,
    ...(message !== undefined && { message }),
    seen: now.toISOString(),
  });
  try {
    const response = await ask({
      path: SOURCE,
      accept: 'text/plain',
      answers: [INTERNAL_ERROR],
    });
    await response.text();
    return response.status === INTERNAL_ERROR
      ? etcd('unhealthy', 'The API server cannot read from its etcd')
      : etcd('healthy');
  } catch (error) {
    if (clusterFailureOf(error)?.cause === 'timeout') {
      return etcd(
        'unhealthy',
        'The API server waits for its etcd, which does not answer in time',
      );
    }
    return untold(error, {
      name: 'etcd',
      source: SOURCE,
      absent: 'The API server does not tell of its etcd',
    });
  }
}
