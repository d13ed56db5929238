import { isError } from '@backstage/errors';
import { clusterFailureOf } from '../../errors/clusterErrors';
import type { HealthComponent } from '../HealthCheck';
import type { ProbeTools } from './Probe';

const SOURCE = '/readyz?verbose';
const INTERNAL_ERROR = 500;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const FAILED_CHECK = /^\[-\]([A-Za-z0-9/._-]+)/gm;

/** What the first request of a check shows: of the API server, and of our way to it. */
export interface ApiServerSight {
  /** Whether it answered us. */
  isReached: boolean;
  /** Absent: not known now. */
  apiServer?: HealthComponent;
  connection?: HealthComponent;
  /** Not reached: why, for people. */
  message?: string;
}

/**
 * Asks the API server how it is, leaving out what it says of etcd: a frozen etcd makes that take seconds, and is no fault of
 * the API server's. Whether our own connection is at fault shows in the same answer.
 */
export async function probeApiServer({
  ask,
  now,
}: ProbeTools): Promise<ApiServerSight> {
  const begin = performance.now();
  try {
    const response = await ask({
      path: '/readyz',
      query: { verbose: true, exclude: ['etcd', 'etcd-readiness'] },
      accept: 'text/plain',
      answers: [INTERNAL_ERROR],
    });
    const latencyMs = Math.round(performance.now() - begin);
    const text = await response.text();
    const failed = [...text.matchAll(FAILED_CHECK)].map(([, name]) => name);
    const isReady = response.status < 300;
    return {
      isReached: true,
      connection: connection('healthy', { now }),
      apiServer: {
        name: 'apiserver',
        source: SOURCE,
        status: isReady ? 'healthy' : 'unhealthy',
        ...(!isReady && {
          message: `It is not ready: ${
            failed.slice(0, 5).join(', ') || 'it does not say why'
          }`,
        }),
        seen: now.toISOString(),
        latencyMs,
      },
    };
  } catch (error) {
    return sightOfFailure(error, now);
  }
}

function connection(
  status: HealthComponent['status'],
  { now, message }: { now: Date; message?: string },
): HealthComponent {
  return {
    name: 'connection',
    source: 'The portal itself',
    status,
    ...(message !== undefined && { message }),
    seen: now.toISOString(),
  };
}

function sightOfFailure(error: unknown, now: Date): ApiServerSight {
  const failure = clusterFailureOf(error);
  if (!failure || !isError(error)) throw error;
  const { message } = error;
  const apiServer = (status: HealthComponent['status'], why: string) => ({
    name: 'apiserver' as const,
    source: SOURCE,
    status,
    message: why,
    seen: now.toISOString(),
  });
  if (failure.status === UNAUTHORIZED) {
    // It answers, but nothing else to us.
    return {
      isReached: false,
      message,
      connection: connection('unhealthy', { now, message }),
    };
  }
  if (failure.status !== undefined) {
    return {
      isReached: true,
      connection: connection('healthy', { now }),
      apiServer:
        failure.status === FORBIDDEN
          ? apiServer('healthy', 'It answers; how it is may not be read')
          : apiServer('degraded', message),
    };
  }
  const isAway = ['refused', 'timeout', 'network'].includes(failure.cause);
  return isAway
    ? {
        isReached: false,
        message,
        // Not seen now: the time stays that of its last answer.
        apiServer: {
          name: 'apiserver',
          source: SOURCE,
          status: 'unreachable',
          message,
        },
      }
    : {
        isReached: false,
        message,
        connection: connection('unhealthy', { now, message }),
      };
}
