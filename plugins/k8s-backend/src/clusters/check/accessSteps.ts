/**
 * The steps of a check once the API server answers: who we are to it, what it is, and what we may do.
 */
import { isError } from '@backstage/errors';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import { clusterFailureOf } from '../../errors/clusterErrors';
import { plainText } from '../../views/plainText';
import { credentialClaims } from '../credentialClaims';
import { REQUIRED_RIGHTS, WANTED_RIGHTS, describeRight } from './accessRights';
import type { AccessRight } from './accessRights';
import type { CheckReport, CheckStep } from './CheckReport';
import { endsSoon } from './endsSoon';
import { ANONYMOUS, hasRight, readClusterUid, readUser } from './kubeIdentity';
import type { Ask } from './kubeIdentity';

/** The oldest Kubernetes whose APIs the suite speaks. */
const OLDEST = { major: 1, minor: 24 };
const UNAUTHORIZED = 401;
/** Characters; names of service accounts have at most half of that. */
const MAX_USER = 512;

/** Runs a step; what the API server refuses or fails to do is the step's failure. */
async function tryStep<T>(
  report: CheckReport,
  { step, fix }: { step: CheckStep['step']; fix: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!clusterFailureOf(error) || !isError(error)) throw error;
    return report.failed(step, { message: error.message, fix });
  }
}

/** A name as it can be shown and kept: an API server, or a token, may say anything. */
function nameOf(text: string | undefined): string | undefined {
  return text && plainText(text, MAX_USER);
}

/** Who we are to the API server; undefined where neither it nor the credential says. @throws CheckFailed */
export async function signInStep(
  report: CheckReport,
  ask: Ask,
  credential: ClusterCredential,
): Promise<string | undefined> {
  const fix =
    'Give a credential that is valid: make a service account token (kubectl create token)';
  const claims = credentialClaims(credential);
  let user: string | undefined;
  try {
    user = await readUser(ask);
    // Older API servers do not say who we are, but whether they know us.
    if (user === undefined) await hasRight(ask, REQUIRED_RIGHTS[0]);
  } catch (error) {
    if (!clusterFailureOf(error) || !isError(error)) throw error;
    const isRefused = clusterFailureOf(error)?.status === UNAUTHORIZED;
    report.failed('signIn', {
      message: isRefused
        ? 'The API server does not accept the credential (401): it is wrong, expired or of another cluster'
        : error.message,
      fix,
    });
  }
  if (user === ANONYMOUS) {
    report.failed('signIn', {
      message: 'The API server did not look at the credential',
      fix,
    });
  }
  const name = nameOf(user ?? claims.user);
  const expiresAt = credential.expiresAt ?? claims.expiresAt;
  const isRenewed = credential.expiresAt !== undefined;
  const isSoon =
    !isRenewed && expiresAt !== undefined && endsSoon(new Date(expiresAt));
  report.passed('signIn', {
    message: `Signed in${name ? ` as ${name}` : ''}${
      expiresAt
        ? `; the credential ends on ${expiresAt}${
            isRenewed ? ', and is renewed before' : ''
          }`
        : ''
    }`,
    fix: isSoon
      ? 'Give one that lasts longer, or renew it in time (kubectl create token --duration)'
      : undefined,
  });
  return name;
}

/** Whether the version is one that the suite speaks to. @throws CheckFailed */
export function versionStep(report: CheckReport, version: string | undefined) {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (major === undefined) {
    report.failed('version', {
      message: 'The server does not say its version as an API server does',
      fix: 'Check that the address is that of an API server',
    });
  }
  const isOlder =
    Number(major) < OLDEST.major ||
    (Number(major) === OLDEST.major && Number(minor) < OLDEST.minor);
  if (isOlder) {
    report.failed('version', {
      message: `Kubernetes ${version} is older than ${OLDEST.major}.${OLDEST.minor}`,
      fix: 'Upgrade the cluster first',
    });
  }
  report.passed('version', { message: `Kubernetes ${version}` });
}

/** UID of the cluster. @throws CheckFailed */
export async function identityStep(
  report: CheckReport,
  ask: Ask,
): Promise<string> {
  const fix =
    'Grant the credential to get the namespace kube-system: clusters are told apart by its UID';
  const uid = await tryStep(report, { step: 'identity', fix }, () =>
    readClusterUid(ask),
  );
  if (uid === undefined) {
    report.failed('identity', {
      message: 'The namespace kube-system has no UID',
      fix: 'Check that the address is that of an API server',
    });
  }
  report.passed('identity', { message: `The cluster is ${uid}` });
  return uid;
}

async function missingRights(
  ask: Ask,
  rights: readonly AccessRight[],
): Promise<string> {
  const has = await Promise.all(rights.map(right => hasRight(ask, right)));
  return rights
    .filter((_, index) => !has[index])
    .map(describeRight)
    .join(', ');
}

/** Whether the credential has the rights that the suite uses. @throws CheckFailed */
export async function rightsStep(report: CheckReport, ask: Ask) {
  const fix =
    'Bind its account to a ClusterRole that has these rights in all namespaces';
  const [required, wanted] = await tryStep(
    report,
    { step: 'rights', fix },
    () =>
      Promise.all([
        missingRights(ask, REQUIRED_RIGHTS),
        missingRights(ask, WANTED_RIGHTS),
      ]),
  );
  if (required) {
    report.failed('rights', {
      message: `The credential may not: ${required}`,
      fix,
    });
  }
  report.passed(
    'rights',
    wanted
      ? { message: `The credential may not: ${wanted}`, fix }
      : { message: 'The credential has all rights that the portal uses' },
  );
}
