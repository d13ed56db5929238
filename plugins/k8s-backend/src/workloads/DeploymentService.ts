import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  RequestContext,
  ResourceClient,
  ResourcePatch,
} from '@backstage-k8s/plugin-k8s-node';
import { autoscalersOf } from './autoscalers';
import type { ChangeGuard } from './ChangeGuard';
import { checkSpec } from './checkSpec';
import type { DeploymentPlace, DeploymentReader } from './DeploymentReader';
import { imagePatch, replacePatch } from './deploymentPatches';
import { deleteLive } from './deleteLive';
import { OBJECT_ACTIONS } from './objectActions';
import type { PatchAction } from './objectActions';
import { patchLive } from './patchLive';
import { planDeployment } from './planDeployment';
import { withResourceDefaults } from './resourceDefaults';
import type { ResourceDefaults } from './resourceDefaults';
import { DEPLOYMENTS } from './ResourceKinds';
import type { RolloutWaiter } from './RolloutWaiter';
import type { DeploymentObject, DeploymentSpec } from './WorkloadObjects';

/** What DeploymentService works with. */
export interface DeploymentServiceOptions {
  resources: ResourceClient;
  reader: DeploymentReader;
  guard: ChangeGuard;
  waiter: RolloutWaiter;
  resourceDefaults: ResourceDefaults;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** How to make a change. */
export interface ChangeOptions {
  context: RequestContext;
  /** Only plan it. */
  dryRun: boolean;
  /** Only when the deployment is still at this version. */
  resourceVersion?: string;
}

/** A deployment that is to be. */
export interface NewDeployment {
  name: string;
  namespace: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec: DeploymentSpec;
}

/** One kind of change: its name in the audit, and the patch that it is of the deployment as it is. */
interface Change {
  action: string;
  details: Record<string, unknown>;
  patch(
    live: DeploymentObject,
    scaledBy?: string,
  ): Promise<ResourcePatch> | ResourcePatch;
}

/** Creates, changes and deletes deployments, and waits for their rollout. */
export class DeploymentService {
  constructor(private readonly options: DeploymentServiceOptions) {}

  /** @throws ConflictError when it exists, InputError when the spec is not valid */
  async create(
    cluster: string,
    wanted: NewDeployment,
    { context, dryRun }: ChangeOptions,
  ): Promise<Schema<'Change'>> {
    const { resources, resourceDefaults } = this.options;
    const { name, namespace, labels, annotations, spec } = wanted;
    const place = { cluster, namespace, name };
    const reference = { ...DEPLOYMENTS, ...place };
    checkSpec(spec, namespace);
    const created: DeploymentObject = await resources.create(
      reference,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: {
          name,
          namespace,
          ...(labels && { labels }),
          ...(annotations && { annotations }),
        },
        spec: withResourceDefaults(spec, resourceDefaults),
      },
      { context, action: 'deployment.create', dryRun },
    );
    if (dryRun) return planned(place, planDeployment({ after: created }));
    return this.outcome(created, { place, context });
  }

  /** Replaces the spec. @throws NotFoundError, ConflictError, InputError that names an immutable field */
  async replace(
    place: DeploymentPlace,
    wanted: DeploymentSpec,
    options: ChangeOptions,
  ): Promise<Schema<'Change'>> {
    const spec = withResourceDefaults(wanted, this.options.resourceDefaults);
    return this.change(place, options, {
      action: 'deployment.update',
      details: {},
      patch: (live, scaledBy) => {
        checkSpec(wanted, place.namespace);
        // Anything but nothing is for the API server to judge.
        const isLeftOut = (spec.replicas ?? undefined) === undefined;
        const keepsReplicas = scaledBy !== undefined || isLeftOut;
        return replacePatch(live, { spec, keepsReplicas });
      },
    });
  }

  /** @throws NotFoundError, ConflictError, InputError that lists the containers */
  async setImage(
    place: DeploymentPlace,
    wanted: { container: string; image: string },
    options: ChangeOptions,
  ): Promise<Schema<'Change'>> {
    return this.change(place, options, {
      action: 'deployment.setImage',
      details: { container: wanted.container, image: wanted.image },
      patch: live => imagePatch(live, wanted),
    });
  }

  /** @throws NotFoundError; ConflictError also while a HorizontalPodAutoscaler rules the replicas */
  async scale(
    place: DeploymentPlace,
    replicas: number,
    options: ChangeOptions,
  ): Promise<Schema<'Change'>> {
    return this.change(
      place,
      options,
      this.action(place, 'scale', { replicas, ...options }),
    );
  }

  /** Replaces all pods, a few at a time. @throws NotFoundError, ConflictError */
  async restart(
    place: DeploymentPlace,
    options: ChangeOptions,
  ): Promise<Schema<'Change'>> {
    return this.change(place, options, this.action(place, 'restart', options));
  }

  /**
   * Brings back the template of a revision; does not wait for the rollout. Of the present revision it changes nothing.
   *
   * @throws NotFoundError that lists the revisions
   */
  async rollback(
    place: DeploymentPlace,
    revision: number,
    options: ChangeOptions,
  ): Promise<{
    success: true;
    plan?: Schema<'Plan'>;
    resourceVersion?: string;
  }> {
    const { after, plan } = await this.send(
      place,
      options,
      this.action(place, 'rollback', { revision, ...options }),
    );
    if (plan) return { success: true, plan };
    const { resourceVersion } = after.metadata;
    return { success: true, ...(resourceVersion && { resourceVersion }) };
  }

  /** Deletes it with its ReplicaSets and pods. @throws NotFoundError */
  async delete(
    place: DeploymentPlace,
    context: RequestContext,
  ): Promise<{ success: true }> {
    const reference = { ...DEPLOYMENTS, ...place };
    const action = 'deployment.delete';
    await deleteLive(this.options.resources, reference, { context, action });
    return { success: true };
  }

  /** One of the actions that all kinds have in common. */
  private action(
    place: DeploymentPlace,
    name: PatchAction,
    input: ChangeOptions & { replicas?: number; revision?: number },
  ): Change {
    const { resources, now } = this.options;
    const { context, replicas, revision } = input;
    return {
      action: `deployment.${name}`,
      details: {
        ...(replicas !== undefined && { replicas }),
        ...(revision !== undefined && { revision }),
      },
      patch: (live, scaledBy) =>
        OBJECT_ACTIONS[name](live, {
          reference: { ...DEPLOYMENTS, ...place },
          ...{ replicas, revision, scaledBy, resources, context, now },
        }),
    };
  }

  private async change(
    place: DeploymentPlace,
    options: ChangeOptions,
    change: Change,
  ): Promise<Schema<'Change'>> {
    const { after, plan } = await this.send(place, options, change);
    if (plan) return planned(place, plan);
    return this.outcome(after, { place, context: options.context });
  }

  /** Makes a change, or plans it. */
  private async send(
    place: DeploymentPlace,
    options: ChangeOptions,
    change: Change,
  ): Promise<{ after: DeploymentObject; plan?: Schema<'Plan'> }> {
    const { resources, guard } = this.options;
    const { context, dryRun, resourceVersion } = options;
    const reference = { ...DEPLOYMENTS, ...place };
    await guard.demand('update', reference, context);
    let scaledBy: string | undefined;
    const { before, after } = await patchLive(resources, reference, {
      action: change.action,
      details: change.details,
      context,
      dryRun,
      resourceVersion,
      build: async live => {
        const autoscalers = await autoscalersOf(resources, place, context);
        scaledBy = autoscalers.get(place.name);
        return change.patch(live, scaledBy);
      },
    });
    if (!dryRun) return { after };
    const rollout = await this.options.reader.rollout(place, context);
    return {
      after,
      plan: planDeployment({ before, after, scaledBy, rollout }),
    };
  }

  private async outcome(
    written: KubernetesObject,
    options: { place: DeploymentPlace; context: RequestContext },
  ): Promise<Schema<'Change'>> {
    const { cluster, namespace, name } = options.place;
    const { status, reason, resourceVersion } = await this.options.waiter.wait(
      written,
      options,
    );
    const operation = `/api/k8s/clusters/${cluster}/deployments/${namespace}/${name}`;
    return {
      name,
      namespace,
      status,
      ...(status === 'pending' && { operation }),
      ...(reason && status !== 'deployed' && { reason }),
      ...(resourceVersion && { resourceVersion }),
    };
  }
}

function planned(
  { namespace, name }: DeploymentPlace,
  plan: Schema<'Plan'>,
): Schema<'Change'> {
  return { name, namespace, status: 'planned', plan };
}
