/**
 * Tries access to a cluster step by step against its API server; stores nothing. Registering and the wizard's check are the
 * same steps.
 */
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { KubeAgent, hostOf } from '../../connection/KubeAgent';
import type { KubeAgentOptions } from '../../connection/KubeAgent';
import { kubeFetch } from '../../connection/kubeFetch';
import { timeoutSignal } from '../../connection/timeoutSignal';
import type { ClusterAuthentications } from '../../authentication/ClusterAuthentications';
import type { RememberedCredential } from '../../authentication/RememberedCredential';
import type { ClusterCredential } from '@backstage-k8s/plugin-k8s-node';
import { connectionError } from '../../errors/connectionErrors';
import { credentialClaims } from '../credentialClaims';
import type { ClusterAccess } from '../readClusterAccess';
import {
  identityStep,
  rightsStep,
  signInStep,
  versionStep,
} from './accessSteps';
import { CheckFailed, CheckReport } from './CheckReport';
import {
  connectSteps,
  credentialStep,
  failConnection,
  readStep,
} from './connectionSteps';
import type { Ask } from './kubeIdentity';

const REQUEST_TIMEOUT_MS = 5_000;
const CHECK_TIMEOUT_MS = 20_000;

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
  readonly #network: KubeAgentOptions;
  readonly #authentications: Pick<ClusterAuthentications, 'source'>;

  constructor(options: {
    network: KubeAgentOptions;
    authentications: Pick<ClusterAuthentications, 'source'>;
  }) {
    this.#network = options.network;
    this.#authentications = options.authentications;
  }

  /**
   * Reads the access and tries it.
   *
   * @param options - `id`: of the registered cluster that it is the new access to
   * @throws the signal's reason when it is aborted; what fails is in the outcome
   */
  async check(
    read: () => ClusterAccess,
    options: { id?: string; signal: AbortSignal },
  ): Promise<CheckOutcome> {
    const report = new CheckReport();
    let access: ClusterAccess | undefined;
    let cluster: CheckedCluster | undefined;
    try {
      access = readStep(report, read);
      cluster = await this.#tryAccess(report, access, options);
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
    { id, signal }: { id?: string; signal: AbortSignal },
  ): Promise<CheckedCluster> {
    const limited = AbortSignal.any([signal, timeoutSignal(CHECK_TIMEOUT_MS)]);
    const { authentication, endpoint } = access;
    const credentials = this.#authentications.source(authentication, {
      id,
      endpoint,
    });
    try {
      const credential = await credentialStep(report, {
        credentials,
        signal: limited,
      });
      await this.#address(report, access);
      return await this.#signIn(report, {
        ...{ access, credential, credentials },
        signal: limited,
      });
    } finally {
      credentials.close();
    }
  }

  async #signIn(
    report: CheckReport,
    options: {
      access: ClusterAccess;
      credential: ClusterCredential;
      credentials: RememberedCredential;
      signal: AbortSignal;
    },
  ): Promise<CheckedCluster> {
    const { access, credential, credentials, signal } = options;
    const { endpoint } = access;
    const agent = new KubeAgent({ endpoint, credentials }, this.#network);
    const ask: Ask = request =>
      kubeFetch(agent, {
        timeoutMs: REQUEST_TIMEOUT_MS,
        signal,
        ...request,
      });
    try {
      const version = await connectSteps(report, ask, { access, agent });
      const user = await signInStep(report, ask, credential);
      versionStep(report, version);
      const uid = await identityStep(report, ask);
      await rightsStep(report, ask);
      // One that is renewed before it ends has no end that anybody has to know of.
      const expiresAt =
        credential.expiresAt === undefined
          ? credentialClaims(credential).expiresAt
          : undefined;
      return { access, uid, version, user, expiresAt };
    } finally {
      await agent.close();
    }
  }

  async #address(report: CheckReport, { endpoint }: ClusterAccess) {
    try {
      const { guard } = this.#network;
      const addresses = await guard.addresses(hostOf(endpoint.server));
      const all = addresses.map(({ address }) => address).join(', ');
      report.passed('address', { message: `The address is allowed: ${all}` });
    } catch (error) {
      failConnection(report, connectionError(error));
    }
  }
}
