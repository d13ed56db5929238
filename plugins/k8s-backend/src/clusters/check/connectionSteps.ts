/**
 * The steps of a check until the API server answers.
 */
import { isError } from '@backstage/errors';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import type { KubeAgent } from '../../connection/KubeAgent';
import { clusterFailureOf } from '../../errors/clusterErrors';
import type { ClusterFailure, FailureCause } from '../../errors/clusterErrors';
import type { CredentialSource } from '../../authentication/CredentialSource';
import type { ClusterAccess } from '../readClusterAccess';
import type { CheckReport } from './CheckReport';
import { endsSoon } from './endsSoon';
import { CERTIFICATE_FIXES, FAILURE_STEPS } from './failureSteps';
import { readVersion } from './kubeIdentity';
import type { Ask } from './kubeIdentity';

/** Milliseconds that a check may take until it has a credential, and a third more. */
const CREDENTIAL_MS = 12_000;

function waysIn({ authentication: { type } }: ClusterAccess): string {
  if (type === 'token') return 'a token';
  return type === 'clientCertificate' ? 'a client certificate' : type;
}

/** Reads the access. @throws CheckFailed */
export function readStep(
  report: CheckReport,
  read: () => ClusterAccess,
): ClusterAccess {
  try {
    const access = read();
    report.passed('read', {
      message: `The access was read: it signs in with ${waysIn(access)}`,
    });
    return access;
  } catch (error) {
    if (isError(error) && error.name === 'InputError') {
      return report.failed('read', { message: error.message });
    }
    throw error;
  }
}

/** The credential to try. Where there is none, what was read is no access. @throws CheckFailed */
export async function credentialStep(
  report: CheckReport,
  options: { credentials: CredentialSource; signal: AbortSignal },
): Promise<ClusterCredential> {
  const { credentials, signal } = options;
  try {
    return await credentials.current({ signal, timeoutMs: CREDENTIAL_MS });
  } catch (error) {
    if (clusterFailureOf(error)?.cause !== 'credential' || !isError(error)) {
      throw error;
    }
    return report.failed('read', {
      message: error.message,
      fix: 'Check what was given to sign in with, and that who issues the credential is reached from the portal',
    });
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
    const failure = clusterFailureOf(error);
    if (failure?.cause === 'credential' && isError(error)) {
      // It answered that it does not know us, and there is nothing else to sign in with.
      report.failed('signIn', { message: error.message });
    }
    if (failure?.status === undefined) failConnection(report, error);
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
