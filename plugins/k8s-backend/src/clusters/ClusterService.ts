/**
 * Registers, changes and removes clusters: who may, what is asked of the API server before anything is stored, and what is told
 * afterwards. Every change is audited.
 */
import { randomBytes } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import type { EventsService } from '@backstage/plugin-events-node';
import {
  k8sClusterDeletePermission,
  k8sClusterRegisterPermission,
  k8sClusterUpdatePermission,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterPermission,
  ClusterReference,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { AccessControl } from '../access/AccessControl';
import type { AuditLog } from '../audit/AuditLog';
import { withHints } from '../errors/answerHints';
import type { HealthMonitor } from '../health/HealthMonitor';
import { changedAccess } from './changedAccess';
import type { CheckedCluster, ClusterChecker } from './check/ClusterChecker';
import { CLUSTER_TAKEN } from './clusterConflicts';
import type { ClusterDependents, Dependent } from './ClusterDependents';
import type { ClusterDirectory } from './ClusterDirectory';
import { assertLabels, referenceOf, slugOf } from './clusterInput';
import type { ClusterStore, RegisteredCluster } from './ClusterStore';
import type { CredentialCipher } from './CredentialCipher';
import { readClusterAccess } from './readClusterAccess';
import type { AuthenticationReader, ClusterAccess } from './readClusterAccess';

const OTHER_CLUSTER =
  'This is the access to another cluster than the registered one (the UID of kube-system differs); register it as a cluster of its own';

/** Topic of the events that tell of changed clusters; a hint, the database is the truth. */
export const CLUSTERS_TOPIC = 'k8s.clusters';
const ID_BYTES = 10;

/** What the service works with. */
export interface ClusterServiceOptions {
  store: ClusterStore;
  directory: ClusterDirectory;
  access: AccessControl;
  audit: AuditLog;
  authentications: AuthenticationReader;
  checker: ClusterChecker;
  cipher: CredentialCipher;
  dependents: ClusterDependents;
  health: Pick<HealthMonitor, 'check'>;
  events: Pick<EventsService, 'publish'>;
  logger: LoggerService;
}

/** Changes which clusters are registered. */
export class ClusterService {
  constructor(private readonly options: ClusterServiceOptions) {}

  /**
   * Checks the access and stores the cluster.
   *
   * @throws InputError with the step that failed, NotAllowedError, ConflictError when it is registered, ServiceUnavailableError
   */
  async register(
    registration: Schema<'ClusterRegistration'>,
    context: RequestContext,
  ): Promise<RegisteredCluster> {
    const { store, audit, authentications, cipher } = this.options;
    const id = randomBytes(ID_BYTES).toString('hex');
    const { name } = registration;
    const reference = referenceOf(registration);
    const intent = {
      action: 'cluster.register',
      cluster: { id, name },
      details: detailsOf(registration),
    };
    return audit.change(intent, context, async () => {
      await this.#authorise(k8sClusterRegisterPermission, reference, context);
      cipher.assertConfigured();
      const earlier = await this.#registeredBefore(context);
      if (earlier) return earlier;
      const slug = slugOf(name);
      const { access, uid, user, expiresAt } = await this.#checked(
        () => readClusterAccess(registration, authentications),
        { signal: context.signal },
      );
      await this.#assertNotRegistered(uid);
      const cluster = await store.add(
        {
          ...reference,
          id,
          slug,
          protected: registration.protected ?? false,
          impersonates: registration.impersonate ?? false,
          endpoint: access.endpoint,
          credentialType: access.authentication.type,
          credentialUser: user,
          credentialExpiresAt: expiresAt,
          uid,
        },
        access.authentication,
        { marker: context.idempotency?.marker },
      );
      await this.#announce(id, 'upserted');
      await this.#checkHealth(id, context);
      return cluster;
    });
  }

  /**
   * Tries access without storing it: to a new cluster, or with `id` to a registered one.
   *
   * @throws NotAllowedError, NotFoundError
   */
  async check(
    { id, ...given }: Schema<'ClusterAccess'>,
    context: RequestContext,
  ): Promise<Schema<'ClusterCheck'>> {
    const { access, authentications, checker, directory } = this.options;
    const { signal } = context;
    if (id === undefined) {
      // Which labels the cluster is to have is not known yet.
      const permission = k8sClusterRegisterPermission;
      if (!(await access.allowsSomeCluster(permission, context))) {
        const anyCluster = { name: '', labels: {} };
        throw new NotAllowedError(
          access.refusal(permission, anyCluster, context),
        );
      }
      const outcome = await checker.check(
        () => readClusterAccess(given, authentications),
        { signal },
      );
      return this.#withIdentity(outcome, async uid =>
        (await this.#byUid(uid)) ? CLUSTER_TAKEN : undefined,
      );
    }
    const cluster = await directory.get(id, context);
    const reference = directory.reference(cluster);
    await this.#authorise(k8sClusterUpdatePermission, reference, context);
    const outcome = await checker.check(
      () =>
        changedAccess(cluster, given, authentications) ??
        readClusterAccess(given, authentications),
      { id, signal },
    );
    return this.#withIdentity(outcome, async uid =>
      uid === cluster.uid ? undefined : OTHER_CLUSTER,
    );
  }

  /**
   * Changes what is given; what is left out stays.
   *
   * @throws NotFoundError, NotAllowedError, InputError, ConflictError (also for a credential of another cluster)
   */
  async update(
    id: string,
    change: Schema<'ClusterUpdate'>,
    context: RequestContext,
  ): Promise<RegisteredCluster> {
    const { store, directory, audit, authentications } = this.options;
    const cluster = await directory.get(id, context);
    const intent = {
      action: 'cluster.update',
      cluster: { id, name: cluster.name },
      details: detailsOf(change),
    };
    return audit.change(intent, context, async () => {
      const reference = directory.reference(cluster);
      await this.#authorise(k8sClusterUpdatePermission, reference, context);
      const next = changedProperties(cluster, change);
      // Nobody moves a cluster to where they may not change it.
      await this.#authorise(
        k8sClusterUpdatePermission,
        directory.reference(next),
        context,
      );
      const access = changedAccess(cluster, change, authentications);
      const stored = access
        ? await this.#storeAccess(next, access, context)
        : await store.update(next);
      await this.#announce(id, 'upserted');
      if (access) await this.#checkHealth(id, context);
      return stored;
    });
  }

  /**
   * Forgets a cluster; nothing in it changes.
   *
   * @throws NotFoundError, NotAllowedError, ConflictError with what depends on it, unless that is confirmed
   */
  async remove(
    id: string,
    { isConfirmed }: { isConfirmed: boolean },
    context: RequestContext,
  ): Promise<void> {
    const { store, directory, audit, dependents } = this.options;
    if (context.idempotency?.resumed && (await this.#isGone(id))) return;
    const cluster = await directory.get(id, context);
    const intent = {
      action: 'cluster.delete',
      cluster: { id, name: cluster.name },
      details: { confirmed: isConfirmed },
    };
    await audit.change(intent, context, async () => {
      const reference = directory.reference(cluster);
      await this.#authorise(k8sClusterDeletePermission, reference, context);
      if (!isConfirmed) {
        const found = await dependents.list(cluster, context);
        if (found.length > 0) throw dependentsConflict(found);
      }
      await store.remove(id);
      await this.#announce(id, 'removed');
    });
  }

  /** What depends on the cluster. @throws NotFoundError, ServiceUnavailableError */
  async dependents(id: string, context: RequestContext): Promise<Dependent[]> {
    const { directory, dependents } = this.options;
    return dependents.list(await directory.get(id, context), context);
  }

  /** @throws NotAllowedError with the role or setting that is missing */
  async #authorise(
    permission: ClusterPermission,
    reference: ClusterReference,
    context: RequestContext,
  ) {
    const { access } = this.options;
    if (await access.allowsCluster(permission, reference, context)) return;
    throw new NotAllowedError(access.refusal(permission, reference, context));
  }

  async #checked(
    read: () => ClusterAccess,
    { id, signal }: { id?: string; signal: AbortSignal },
  ): Promise<CheckedCluster> {
    const outcome = await this.options.checker.check(read, { id, signal });
    if (outcome.cluster) return outcome.cluster;
    throw outcome.error;
  }

  async #storeAccess(
    next: RegisteredCluster,
    access: ClusterAccess,
    context: RequestContext,
  ): Promise<RegisteredCluster> {
    const checked = await this.#checked(() => access, {
      id: next.id,
      signal: context.signal,
    });
    if (checked.uid !== next.uid) throw new ConflictError(OTHER_CLUSTER);
    return this.options.store.update(
      {
        ...next,
        endpoint: access.endpoint,
        credentialType: access.authentication.type,
        credentialUser: checked.user,
        credentialExpiresAt: checked.expiresAt,
      },
      access.authentication,
    );
  }

  /** A check whose outcome also says whether it is the cluster that it has to be. */
  async #withIdentity(
    outcome: { check: Schema<'ClusterCheck'>; cluster?: CheckedCluster },
    problemOf: (uid: string) => Promise<string | undefined>,
  ): Promise<Schema<'ClusterCheck'>> {
    const { check, cluster } = outcome;
    const problem = cluster && (await problemOf(cluster.uid));
    if (problem === undefined) return check;
    return {
      ...check,
      ok: false,
      steps: check.steps.map(step =>
        step.step === 'identity'
          ? { step: 'identity', outcome: 'failed', message: problem }
          : step,
      ),
    };
  }

  async #registeredBefore({
    idempotency,
  }: RequestContext): Promise<RegisteredCluster | undefined> {
    if (!idempotency?.resumed) return undefined;
    return this.options.store.findByMarker(idempotency.marker);
  }

  async #byUid(uid: string): Promise<RegisteredCluster | undefined> {
    const clusters = await this.options.store.list();
    return clusters.find(cluster => cluster.uid === uid);
  }

  async #assertNotRegistered(uid: string) {
    if (await this.#byUid(uid)) throw new ConflictError(CLUSTER_TAKEN);
  }

  async #isGone(id: string): Promise<boolean> {
    try {
      await this.options.store.get(id);
      return false;
    } catch (error) {
      if (error instanceof NotFoundError) return true;
      throw error;
    }
  }

  /** The change is stored: who hears nothing finds it out by asking. */
  async #announce(id: string, action: 'upserted' | 'removed') {
    const { events, logger } = this.options;
    try {
      await events.publish({
        topic: CLUSTERS_TOPIC,
        eventPayload: { id, action },
      });
    } catch (error) {
      logger.warn('A change of the clusters cannot be announced', {
        cluster: id,
        error: String(error),
      });
    }
  }

  /** So that the answer has a status; the schedule checks again soon. */
  async #checkHealth(id: string, { signal }: RequestContext) {
    const { health, logger } = this.options;
    try {
      await health.check(id, { signal });
    } catch (error) {
      logger.warn('The health of a changed cluster is not known yet', {
        cluster: id,
        error: String(error),
      });
    }
  }
}

function changedProperties(
  cluster: RegisteredCluster,
  change: Schema<'ClusterUpdate'>,
): RegisteredCluster {
  assertLabels(change.labels ?? {});
  return {
    ...cluster,
    name: change.name ?? cluster.name,
    labels: change.labels ?? cluster.labels,
    owner: change.owner?.toLocaleLowerCase('en-US') ?? cluster.owner,
    protected: change.protected ?? cluster.protected,
    impersonates: change.impersonate ?? cluster.impersonates,
  };
}

/** What the audit keeps: what was asked for, of the access only that there was one, and whether TLS is to be checked. */
function detailsOf(change: Schema<'ClusterUpdate'>): Record<string, unknown> {
  const { name, labels, owner, skipTlsVerify, authentication } = change;
  const hasAccess =
    change.kubeconfig !== undefined ||
    change.server !== undefined ||
    change.authentication !== undefined ||
    change.token !== undefined;
  return {
    ...(name !== undefined && { name }),
    ...(labels && { labels }),
    ...(owner !== undefined && { owner }),
    ...(change.protected !== undefined && { protected: change.protected }),
    ...(change.impersonate !== undefined && {
      impersonate: change.impersonate,
    }),
    ...(hasAccess && { credential: 'given' }),
    ...(authentication && { authentication: authentication.strategy }),
    ...(skipTlsVerify !== undefined && { skipTlsVerify }),
  };
}

function dependentsConflict(dependents: Dependent[]): ConflictError {
  const names = dependents.map(({ ref, title }) => ref || title).join(', ');
  return withHints(
    new ConflictError(
      `These depend on the cluster: ${names}. Confirm to remove it nevertheless`,
    ),
    { details: { dependents } },
  );
}
