/**
 * A probe looks at one part of a cluster. It answers how the part is, or nothing when that cannot be known now: then what was
 * known last stays, with the time when it was seen.
 */
import { isError } from '@backstage/errors';
import type {
  ClusterConnection,
  KubeRequest,
  KubeResponse,
} from '../../connection/ClusterConnection';
import { timeoutSignal } from '../../connection/timeoutSignal';
import { clusterFailureOf } from '../../errors/clusterErrors';
import type { ComponentName, HealthComponent } from '../HealthCheck';

/** What a probe works with. */
export interface ProbeTools {
  /** Sends a request to the API server, within the time of the check. */
  ask(request: KubeRequest): Promise<KubeResponse>;
  now: Date;
}

/** Makes the tools of one check. */
export function probeTools(
  connection: ClusterConnection,
  options: { signal: AbortSignal; timeoutMs: number; now: Date },
): ProbeTools {
  const { timeoutMs, now } = options;
  // Of the bodies too: one that trickles in must not delay the check.
  const signal = AbortSignal.any([options.signal, timeoutSignal(timeoutMs)]);
  return {
    now,
    ask: request =>
      connection.request({ ...request, probe: true, signal, timeoutMs }),
  };
}

const NOT_FOUND = 404;

/**
 * A part of which the API server does not tell us, as unknown with the reason; nothing for any other failure.
 *
 * @param absent - what it means that the API server does not have the source
 */
export function untold(
  error: unknown,
  options: { name: ComponentName; source: string; absent: string },
): HealthComponent | undefined {
  const failure = clusterFailureOf(error);
  const { name, source, absent } = options;
  if (failure?.status === NOT_FOUND) {
    return { name, source, status: 'unknown', message: absent };
  }
  if (failure?.cause === 'forbidden' && isError(error)) {
    return { name, source, status: 'unknown', message: error.message };
  }
  return undefined;
}
