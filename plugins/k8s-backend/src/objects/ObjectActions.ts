import { InputError } from '@backstage/errors';
import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  KindDescription,
  operations,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  RequestContext,
  ResourceClient,
} from '@backstage-k8s/plugin-k8s-node';
import { autoscalersOf } from '../workloads/autoscalers';
import { changedMeanwhile } from '../workloads/conflicts';
import { OBJECT_ACTIONS } from '../workloads/objectActions';
import { patchLive } from '../workloads/patchLive';
import { withPodDefaults } from '../workloads/resourceDefaults';
import type { ResourceDefaults } from '../workloads/resourceDefaults';
import { JOBS } from '../workloads/ResourceKinds';
import { changed, planOfChange } from './answers';
import type { ObjectPlace } from './ObjectPlace';
import { actionName } from './ObjectService';
import type { ObjectChangeOptions, ObjectService } from './ObjectService';
import { jobOfCronJob } from './runCronJob';

/** Name of an action in a path. */
export type ActionName =
  operations['actOnResource']['parameters']['path']['action'];

/** What an action is told. */
export interface ActionInput {
  replicas?: number;
  revision?: number;
  /** Only when the object is still at this version. */
  resourceVersion?: string;
}

/** Does to objects what their kinds can. */
export class ObjectActions {
  constructor(
    private readonly options: {
      resources: ResourceClient;
      objects: ObjectService;
      resourceDefaults: ResourceDefaults;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  /** @throws InputError that lists what the kind can, NotFoundError, ConflictError */
  async act(
    place: ObjectPlace,
    action: ActionName,
    options: ObjectChangeOptions & { input: ActionInput },
  ): Promise<Schema<'ResourceChange'>> {
    const { context } = options;
    const { kind, reference } = await this.options.objects.resolve(
      place,
      'update',
      context,
    );
    if (!kind.actions.includes(action)) {
      const others = kind.actions.filter(
        name => name in OBJECT_ACTIONS || name === 'run',
      );
      throw new InputError(
        `A ${kind.kind} has no action ${action}; ${
          others.length > 0 ? `it has ${others.join(', ')}` : 'it has none'
        }`,
      );
    }
    return action === 'run'
      ? this.run(reference, options)
      : this.patch(kind, reference, { ...options, action });
  }

  private async patch(
    kind: KindDescription,
    reference: ObjectReference,
    options: ObjectChangeOptions & {
      action: Exclude<ActionName, 'run'>;
      input: ActionInput;
    },
  ): Promise<Schema<'ResourceChange'>> {
    const { action, input, context, dryRun } = options;
    const { resources, now } = this.options;
    const { resourceVersion, replicas, revision } = input;
    let scaledBy: string | undefined;
    const { before, after } = await patchLive(resources, reference, {
      ...{ context, dryRun, resourceVersion },
      action: actionName(kind, action),
      details: {
        ...(replicas !== undefined && { replicas }),
        ...(revision !== undefined && { revision }),
      },
      build: async live => {
        scaledBy = await this.scaledBy(kind, reference, context);
        return OBJECT_ACTIONS[action](live, {
          ...{ reference, replicas, revision, scaledBy },
          ...{ resources, context, now },
        });
      },
    });
    return changed(after, dryRun && planOfChange({ before, after, scaledBy }));
  }

  /** Makes a Job of a CronJob. */
  private async run(
    reference: ObjectReference,
    options: ObjectChangeOptions & { input: ActionInput },
  ): Promise<Schema<'ResourceChange'>> {
    const { context, dryRun, input } = options;
    const { resources, resourceDefaults } = this.options;
    const { object } = await resources.get(reference, { context, live: true });
    const wanted = input.resourceVersion;
    if (wanted !== undefined && wanted !== object.metadata.resourceVersion) {
      throw changedMeanwhile(object, wanted);
    }
    const job = jobOfCronJob(object, { marker: context.idempotency?.marker });
    const { cluster, namespace } = reference;
    const { name } = job.metadata;
    const podTemplate = traitsOf(JOBS)?.podTemplate ?? [];
    const after = await resources.create(
      { ...JOBS, cluster, namespace, name },
      withPodDefaults(job, { podTemplate, defaults: resourceDefaults }),
      {
        ...{ context, dryRun },
        action: 'cronjob.run',
        details: { cronJob: reference.name },
      },
    );
    const { group, plural } = JOBS;
    return {
      ...changed(after, dryRun && planOfChange({ after })),
      name: reference.name,
      created: {
        ...{ group, plural, name },
        ...(namespace !== undefined && { namespace }),
      },
    };
  }

  /** Who rules the replicas, of a kind that can be scaled. */
  private async scaledBy(
    kind: KindDescription,
    { cluster, namespace, name }: ObjectReference,
    context: RequestContext,
  ): Promise<string | undefined> {
    if (!kind.actions.includes('scale') || namespace === undefined) {
      return undefined;
    }
    const autoscalers = await autoscalersOf(
      this.options.resources,
      { cluster, namespace, target: { group: kind.group, kind: kind.kind } },
      context,
    );
    return autoscalers.get(name);
  }
}
