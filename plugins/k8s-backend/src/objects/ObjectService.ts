import { InputError, NotFoundError } from '@backstage/errors';
import {
  isDnsLabel,
  isValidName,
  traitsOf,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  KindDescription,
  KubernetesObject,
  ResourceType,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  DeleteOptions,
  ObjectReference,
  ReadOptions,
  RequestContext,
  ResourceClient,
} from '@backstage-k8s/plugin-k8s-node';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { KindDirectory } from '../discovery/KindDirectory';
import type { ChangeGuard } from '../workloads/ChangeGuard';
import { explainRefusal } from '../workloads/conflicts';
import { patchLive } from '../workloads/patchLive';
import { withPodDefaults } from '../workloads/resourceDefaults';
import type { ResourceDefaults } from '../workloads/resourceDefaults';
import { changed, planOfChange } from './answers';
import {
  checkNew,
  checkSecretValues,
  placeOfManifest,
  versionOfManifest,
  withoutServerFields,
} from './checkManifest';
import { checkPatch, patchedPaths } from './checkPatch';
import { conflictsOf, explainConflicts } from './fieldConflicts';
import { referenceOf } from './ObjectPlace';
import type { ObjectPlace } from './ObjectPlace';

/** What ObjectService works with. */
export interface ObjectServiceOptions {
  resources: ResourceClient;
  clusters: VisibleClusters;
  kinds: KindDirectory;
  guard: ChangeGuard;
  resourceDefaults: ResourceDefaults;
}

/** How to make a change. */
export interface ObjectChangeOptions {
  context: RequestContext;
  /** Only plan it. */
  dryRun: boolean;
}

/** What the audit calls a change of a kind, e.g. `deployment.scale`. */
export function actionName({ kind }: { kind: string }, verb: string): string {
  return `${kind.toLowerCase()}.${verb}`;
}

/**
 * Changes objects of any kind. Who may not make a change is told so before anything is told of the kind or the object.
 */
export class ObjectService {
  constructor(private readonly options: ObjectServiceOptions) {}

  /** @throws ConflictError when it exists, InputError */
  async create(
    type: ResourceType & { cluster: string },
    sent: KubernetesObject,
    { context, dryRun }: ObjectChangeOptions,
  ): Promise<Schema<'ResourceChange'>> {
    const { resources } = this.options;
    await this.options.clusters.get(type.cluster, context);
    const place: ObjectPlace = { ...type, ...placeOfManifest(sent) };
    const { kind, reference, manifest } = await this.prepare(place, sent, {
      context,
      demands: ['create'],
    });
    checkNew(manifest);
    const after = await resources
      .create(reference, manifest, {
        ...{ context, dryRun },
        action: actionName(kind, 'create'),
      })
      .catch(error => {
        throw explainRefusal(error);
      });
    return changed(after, dryRun && planOfChange({ after }));
  }

  /** Applies a whole manifest. @throws ConflictError that names fields and owners, InputError */
  async apply(
    place: ObjectPlace,
    sent: KubernetesObject,
    options: ObjectChangeOptions & { force: boolean },
  ): Promise<Schema<'ResourceChange'>> {
    const { context, dryRun, force } = options;
    const { resources } = this.options;
    await this.options.clusters.get(place.cluster, context);
    const { kind, reference, manifest } = await this.prepare(place, sent, {
      context,
      demands: ['create', 'update'],
    });
    checkSecretValues(kind, manifest);
    const send = (isForced: boolean) =>
      resources
        .apply(reference, manifest, {
          ...{ context, dryRun, force: isForced },
          action: actionName(kind, 'apply'),
          details: { force: isForced },
        })
        .catch(error => {
          throw explainRefusal(error);
        });
    if (!dryRun) {
      return changed(
        await send(force).catch(error => {
          throw explainConflicts(error);
        }),
      );
    }
    const before = await this.find(reference, context);
    try {
      const after = await send(force);
      return changed(after, planOfChange({ before, after }));
    } catch (error) {
      const conflicts = conflictsOf(error);
      if (conflicts.length === 0) throw error;
      // What it would come to if the fields were taken over, with whose they are.
      const after = await send(true);
      return { ...changed(after, planOfChange({ before, after })), conflicts };
    }
  }

  /** Changes a part by a merge patch. @throws NotFoundError, ConflictError, InputError */
  async patch(
    place: ObjectPlace,
    patch: Record<string, unknown>,
    options: ObjectChangeOptions & {
      resourceVersion?: string;
      /** Of the API that the patch is written for; absent: the preferred one. */
      version?: string;
    },
  ): Promise<Schema<'ResourceChange'>> {
    const { context, dryRun } = options;
    const { kind, reference } = await this.resolve(place, 'update', context, {
      version: options.version,
    });
    const { resourceVersion } = checkPatch(patch, {
      ...{ reference, kind: kind.kind },
      resourceVersion: options.resourceVersion,
    });
    checkSecretValues(kind, patch);
    const { before, after } = await patchLive(
      this.options.resources,
      reference,
      {
        ...{ context, dryRun, resourceVersion },
        action: actionName(kind, 'patch'),
        details: { fields: patchedPaths(patch) },
        build: () => patch,
      },
    );
    return changed(after, dryRun && planOfChange({ before, after }));
  }

  /** @throws NotFoundError, ConflictError when a precondition does not hold */
  async delete(
    place: ObjectPlace,
    options: ObjectChangeOptions &
      Pick<DeleteOptions, 'propagation' | 'precondition'>,
  ): Promise<{ success: true }> {
    const { context, dryRun, propagation, precondition } = options;
    const { kind, reference } = await this.resolve(place, 'delete', context);
    await this.options.resources.delete(reference, {
      ...{ context, dryRun, propagation, precondition },
      action: actionName(kind, 'delete'),
      details: { propagation },
    });
    return { success: true };
  }

  /** The kind of an object that somebody may change, and the object with its version. */
  async resolve(
    place: ObjectPlace,
    change: 'create' | 'update' | 'delete',
    context: RequestContext,
    options: { version?: string } = {},
  ): Promise<{ kind: KindDescription; reference: ObjectReference }> {
    const { guard, clusters, kinds } = this.options;
    await clusters.get(place.cluster, context);
    checkNames(place);
    await guard.demand(change, place, context);
    const { group, plural } = place;
    const kind = await kinds.find(
      place.cluster,
      { group, plural, ...options },
      { signal: context.signal },
    );
    return { kind, reference: referenceOf(place, kind, options) };
  }

  private async prepare(
    place: ObjectPlace,
    sent: KubernetesObject,
    options: { context: RequestContext; demands: ('create' | 'update')[] },
  ): Promise<{
    kind: KindDescription;
    reference: ObjectReference;
    manifest: KubernetesObject;
  }> {
    const { context, demands } = options;
    checkNames(place);
    for (const demand of demands) {
      await this.options.guard.demand(demand, place, context);
    }
    const inManifest = placeOfManifest(sent);
    if (
      inManifest.name !== place.name ||
      (inManifest.namespace ?? place.namespace) !== place.namespace
    ) {
      throw new InputError(
        'metadata.name and metadata.namespace are not those of the path',
      );
    }
    const { group, plural } = place;
    const kind = await this.options.kinds.find(
      place.cluster,
      { group, plural },
      { signal: context.signal },
    );
    const version = versionOfManifest(sent, kind);
    const reference = referenceOf(place, kind, { version });
    const podTemplate = traitsOf(kind)?.podTemplate;
    const manifest = withoutServerFields(sent);
    return {
      kind,
      reference,
      manifest: podTemplate
        ? withPodDefaults(manifest, {
            podTemplate,
            defaults: this.options.resourceDefaults,
          })
        : manifest,
    };
  }

  /** The live object; undefined when there is none, or none that may be seen. */
  private async find(
    reference: ObjectReference,
    context: ReadOptions['context'],
  ): Promise<KubernetesObject | undefined> {
    try {
      const options = { context, live: true };
      return (await this.options.resources.get(reference, options)).object;
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}

/** Before anything is asked of anybody: names that Kubernetes does not allow are nobody's. @throws InputError */
function checkNames(place: ObjectPlace): void {
  const { namespace, name, plural } = place;
  if (namespace !== undefined && !isDnsLabel(namespace)) {
    throw new InputError('The namespace is not a valid name');
  }
  if (!isValidName(place, name)) {
    throw new InputError(
      `The name of ${plural} is not one that Kubernetes allows`,
    );
  }
}
