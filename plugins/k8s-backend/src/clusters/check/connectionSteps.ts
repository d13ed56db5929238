/**
 * The steps of a check until the API server answers.
 */
import { isError } from '@backstage/errors';
import type { KubeAgent } from '../../connection/KubeAgent';
import { clusterFailureOf } from '../../errors/clusterErrors';
import type { ClusterFailure, FailureCause } from '../../errors/clusterErrors';
import type { ClusterAccess } from '../readClusterAccess';
import type { CheckReport } from './CheckReport';
import { endsSoon } from './endsSoon';
import { CERTIFICATE_FIXES, FAILURE_STEPS } from './failureSteps';
import { readVersion } from './kubeIdentity';
import type { Ask } from './kubeIdentity';

/** Reads the access. @throws CheckFailed */
export function readStep(
  report: CheckReport,
  read: () => ClusterAccess,
): ClusterAccess {
  try {
    const access = read();
    report.passed('read', {
      message:
        access.credential.type === 'token'
          ? 'The access was read: it signs in with a token'
          : 'The access was read: it signs in with a client certificate',
    });
    return access;
  } catch (error) {
    if (isError(error) && error.name === 'InputError') {
      return report.failed('read', { message: error.message });
    }
    throw error;
  }
}

/** Notes the step that a failure to reach the API server belongs to. @throws always */
export function failConnection(report: CheckReport, error: unknown): never {
  const failure = clusterFailureOf(error);
  if (!failure || !hasStep(failure.cause) || !isError(error)) throw error;
  const place = FAILURE_STEPS[failure.cause];
  if (place.step === 'tls') {
    report.passed('connect', { message: 'The server was reached' });
  }
  return report.failed(place.step, {
    message: error.message,
    fix: fixOf(failure) ?? place.fix,
    code: failure.cause,
  });
}

function hasStep(cause: FailureCause): cause is keyof typeof FAILURE_STEPS {
  return Object.hasOwn(FAILURE_STEPS, cause);
}

function fixOf({ code = '' }: ClusterFailure): string | undefined {
  return Object.hasOwn(CERTIFICATE_FIXES, code)
    ? CERTIFICATE_FIXES[code]
    : undefined;
}

/** The first request shows whether the server is reached and trusted; whatever it answers, it answers. */
export async function connectSteps(
  report: CheckReport,
  ask: Ask,
  { access, agent }: { access: ClusterAccess; agent: KubeAgent },
): Promise<string | undefined> {
  let version: string | undefined;
  try {
    version = await readVersion(ask);
  } catch (error) {
    if (clusterFailureOf(error)?.status === undefined) {
      failConnection(report, error);
    }
  }
  report.passed('connect', { message: 'The server was reached' });
  report.passed('tls', tlsRemark(access, agent.certificateExpiresAt));
  return version;
}

function tlsRemark({ endpoint }: ClusterAccess, end: Date | undefined) {
  if (endpoint.skipTlsVerify) {
    return {
      message: "The server's certificate is not checked",
      fix: "Whoever is between the portal and the cluster can read the credential; give the cluster's CA instead",
    };
  }
  if (end && endsSoon(end)) {
    return {
      message: `The server's certificate is trusted, but ends on ${end.toISOString()}`,
      fix: 'Renew it before',
    };
  }
  return { message: "The server's certificate is trusted" };
}
