/**
 * Tries access to a cluster step by step against its API server; stores nothing. Registering and the wizard's check are the
 * same steps.
 */
import { isError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { AddressGuard } from '../../connection/AddressGuard';
import { KubeAgent, hostOf } from '../../connection/KubeAgent';
import { kubeFetch } from '../../connection/kubeFetch';
import { timeoutSignal } from '../../connection/timeoutSignal';
import { clusterFailureOf } from '../../errors/clusterErrors';
import type { ClusterFailure } from '../../errors/clusterErrors';
import { connectionError } from '../../errors/connectionErrors';
import { credentialClaims } from '../credentialClaims';
import type { ClusterAccess } from '../readClusterAccess';
import { REQUIRED_RIGHTS, WANTED_RIGHTS, describeRight } from './accessRights';
import type { AccessRight } from './accessRights';
import { CheckFailed, CheckReport } from './CheckReport';
import type { CheckStep } from './CheckReport';
import { CERTIFICATE_FIXES, FAILURE_STEPS } from './failureSteps';
import {
  ANONYMOUS,
  hasRight,
  readClusterUid,
  readUser,
  readVersion,
} from './kubeIdentity';
import type { Ask } from './kubeIdentity';

const REQUEST_TIMEOUT_MS = 5_000;
const CHECK_TIMEOUT_MS = 20_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const SOON_MS = 14 * DAY_MS;
/** The oldest Kubernetes whose APIs the suite speaks. */
const OLDEST = { major: 1, minor: 24 };
const UNAUTHORIZED = 401;

/** A cluster that was looked at. */
export interface CheckedCluster {
  access: ClusterAccess;
  uid: string;
  version?: string;
  /** Who the API server says we are. */
  user?: string;
  /** RFC 3339; when the credential ends. */
  expiresAt?: string;
}

/** How a check ended: `cluster` is there when all steps passed, else `error` says what failed. */
export interface CheckOutcome {
  check: Schema<'ClusterCheck'>;
  cluster?: CheckedCluster;
  error?: Error;
}

/** Checks access to clusters. */
export class ClusterChecker {
  readonly #guard: AddressGuard;

  constructor(options: { guard: AddressGuard }) {
    this.#guard = options.guard;
  }

  /**
   * Reads the access and tries it.
   *
   * @throws the signal's reason when it is aborted; what fails is in the outcome
   */
  async check(
    read: () => ClusterAccess,
    options: { signal: AbortSignal },
  ): Promise<CheckOutcome> {
    const report = new CheckReport();
    let access: ClusterAccess | undefined;
    let cluster: CheckedCluster | undefined;
    try {
      access = readStep(report, read);
      cluster = await this.#tryAccess(report, access, options.signal);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof CheckFailed)) throw error;
    }
    return {
      check: {
        ok: cluster !== undefined,
        contexts: access?.contexts,
        context: access?.context,
        server: access?.endpoint.server,
        version: cluster?.version,
        steps: report.steps(),
      },
      cluster,
      error: report.error(),
    };
  }

  async #tryAccess(
    report: CheckReport,
    access: ClusterAccess,
    signal: AbortSignal,
  ): Promise<CheckedCluster> {
    await this.#address(report, access);
    const agent = new KubeAgent(access, { guard: this.#guard });
    const limited = AbortSignal.any([signal, timeoutSignal(CHECK_TIMEOUT_MS)]);
    const ask: Ask = request =>
      kubeFetch(agent, {
        timeoutMs: REQUEST_TIMEOUT_MS,
        signal: limited,
        ...request,
      });
    try {
      const version = await connectSteps(report, ask, { access, agent });
      const user = await signInStep(report, ask, access);
      versionStep(report, version);
      const uid = await identityStep(report, ask);
      await rightsStep(report, ask);
      const { expiresAt } = credentialClaims(access.credential);
      return { access, uid, version, user, expiresAt };
    } finally {
      await agent.close();
    }
  }

  async #address(report: CheckReport, { endpoint }: ClusterAccess) {
    try {
      const addresses = await this.#guard.addresses(hostOf(endpoint.server));
      const all = addresses.map(({ address }) => address).join(', ');
      report.passed('address', { message: `The address is allowed: ${all}` });
    } catch (error) {
      failConnection(report, connectionError(error));
    }
  }
}

function readStep(
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
function failConnection(report: CheckReport, error: unknown): never {
  const failure = clusterFailureOf(error);
  const place =
    failure && Object.hasOwn(FAILURE_STEPS, failure.cause)
      ? FAILURE_STEPS[failure.cause as keyof typeof FAILURE_STEPS]
      : undefined;
  if (!place || !isError(error)) throw error;
  if (place.step === 'tls') {
    report.passed('connect', { message: 'The server was reached' });
  }
  return report.failed(place.step, {
    message: error.message,
    fix: fixOf(failure) ?? place.fix,
  });
}

function fixOf(failure: ClusterFailure | undefined): string | undefined {
  const code = failure?.code ?? '';
  return Object.hasOwn(CERTIFICATE_FIXES, code)
    ? CERTIFICATE_FIXES[code]
    : undefined;
}

/** The first request shows whether the server is reached and trusted; whatever it answers, it answers. */
async function connectSteps(
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
  if (end && end.getTime() - Date.now() < SOON_MS) {
    return {
      message: `The server's certificate is trusted, but ends on ${end.toISOString()}`,
      fix: 'Renew it before',
    };
  }
  return { message: "The server's certificate is trusted" };
}

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

async function signInStep(
  report: CheckReport,
  ask: Ask,
  { credential }: ClusterAccess,
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
  const name = user ?? claims.user;
  const { expiresAt } = claims;
  const isSoon =
    expiresAt !== undefined && Date.parse(expiresAt) - Date.now() < SOON_MS;
  report.passed('signIn', {
    message: `Signed in${name ? ` as ${name}` : ''}${
      expiresAt ? `; the credential ends on ${expiresAt}` : ''
    }`,
    fix: isSoon
      ? 'Give one that lasts longer, or renew it in time (kubectl create token --duration)'
      : undefined,
  });
  return name;
}

function versionStep(report: CheckReport, version: string | undefined) {
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

async function identityStep(report: CheckReport, ask: Ask): Promise<string> {
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

async function rightsStep(report: CheckReport, ask: Ask) {
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
