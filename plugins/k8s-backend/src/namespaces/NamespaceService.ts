import { InputError } from '@backstage/errors';
import {
  isLabelKey,
  isLabelValue,
  isPodSecurityLabel,
  k8sResourceCreatePermission,
  k8sResourceDeletePermission,
  k8sResourceUpdatePermission,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  K8sResourcePermission,
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  RequestContext,
  ResourceClient,
} from '@backstage-k8s/plugin-k8s-node';
import { namespaceRow, namespaceStatus } from '../views/namespaceRow';
import { plainText } from '../views/plainText';
import type { ChangeGuard } from '../workloads/ChangeGuard';
import { patchLive } from '../workloads/patchLive';
import { planOf } from '../workloads/plan';
import { NAMESPACES } from '../workloads/ResourceKinds';

type Labels = Record<string, string>;

/** Set by Kubernetes itself on every namespace; it stays whatever else is replaced. */
const LABEL_NAME = 'kubernetes.io/metadata.name';

/** One namespace of a cluster. */
export interface NamespacePlace {
  cluster: string;
  name: string;
}

/** @throws InputError that names the label */
function checkLabels(labels: Labels, name: string): void {
  for (const [key, value] of Object.entries(labels)) {
    if (!isLabelKey(key)) {
      throw new InputError(`${plainText(key, 320)} is not a label's key`);
    }
    if (!isLabelValue(value)) {
      throw new InputError(`The value of the label ${key} is not valid`);
    }
  }
  if ((labels[LABEL_NAME] ?? name) !== name) {
    throw new InputError(`The label ${LABEL_NAME} is always the name`);
  }
}

/** Whether the labels that set the Pod Security level differ. */
function changesPodSecurity(before: Labels, after: Labels): boolean {
  return [...Object.keys(before), ...Object.keys(after)].some(
    key => isPodSecurityLabel(key) && before[key] !== after[key],
  );
}

/** Reads, creates, changes and deletes namespaces. */
export class NamespaceService {
  constructor(
    private readonly options: { resources: ResourceClient; guard: ChangeGuard },
  ) {}

  /** By name. @throws NotFoundError */
  async list(
    cluster: string,
    context: RequestContext,
  ): Promise<{ namespaces: Schema<'Namespace'>[]; cache: CacheState }> {
    const { items, cache } = await this.options.resources.list(
      { ...NAMESPACES, cluster },
      { context },
    );
    const namespaces = items
      .map(namespaceRow)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
    return { namespaces, cache };
  }

  /** @throws ConflictError when it exists, InputError */
  async create(
    place: NamespacePlace,
    labels: Labels,
    options: { context: RequestContext; dryRun: boolean },
  ): Promise<Schema<'Change'>> {
    const { context, dryRun } = options;
    const { name } = place;
    const isPolicy = changesPodSecurity({}, labels);
    await this.require(k8sResourceCreatePermission, place, {
      context,
      isPolicy,
    });
    checkLabels(labels, name);
    const after = await this.options.resources.create(
      { ...NAMESPACES, ...place },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
      { context, action: 'namespace.create', details: { labels }, dryRun },
    );
    return answer(after, dryRun ? { after } : undefined);
  }

  /** @throws NotFoundError, InputError */
  async replaceLabels(
    place: NamespacePlace,
    labels: Labels,
    options: { context: RequestContext; dryRun: boolean },
  ): Promise<Schema<'Change'>> {
    const { context, dryRun } = options;
    const permission = k8sResourceUpdatePermission;
    await this.require(permission, place, { context, isPolicy: false });
    checkLabels(labels, place.name);
    const { before, after } = await patchLive(
      this.options.resources,
      { ...NAMESPACES, ...place },
      {
        context,
        action: 'namespace.update',
        details: { labels },
        dryRun,
        build: async live => {
          const old = live.metadata.labels ?? {};
          const isPolicy = changesPodSecurity(old, labels);
          if (isPolicy) {
            await this.require(permission, place, { context, isPolicy });
          }
          const removed = Object.keys(old)
            .filter(key => key !== LABEL_NAME && !(key in labels))
            .map(key => [key, null]);
          return {
            metadata: { labels: { ...Object.fromEntries(removed), ...labels } },
          };
        },
      },
    );
    return answer(after, dryRun ? { before, after } : undefined);
  }

  /** Deletes it with everything in it. @throws NotFoundError */
  async delete(
    place: NamespacePlace,
    context: RequestContext,
  ): Promise<{ success: true }> {
    await this.require(k8sResourceDeletePermission, place, {
      context,
      isPolicy: false,
    });
    await this.options.resources.delete(
      { ...NAMESPACES, ...place },
      { context, action: 'namespace.delete' },
    );
    return { success: true };
  }

  private require(
    permission: K8sResourcePermission,
    place: NamespacePlace,
    options: { context: RequestContext; isPolicy: boolean },
  ): Promise<void> {
    const reference = { ...NAMESPACES, ...place };
    return this.options.guard.require(
      {
        permission,
        reference,
        category: options.isPolicy ? 'policy' : undefined,
      },
      options.context,
    );
  }
}

function answer(
  namespace: KubernetesObject,
  planned?: { before?: KubernetesObject; after: KubernetesObject },
): Schema<'Change'> {
  const { name = '', resourceVersion } = namespace.metadata;
  if (planned) return { name, status: 'planned', plan: planOf(planned) };
  return {
    name,
    status: namespaceStatus(namespace),
    ...(resourceVersion && { resourceVersion }),
  };
}
