import { InputError } from '@backstage/errors';
import { isLabelKey, isLabelValue } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  RequestContext,
  ResourceClient,
} from '@backstage-k8s/plugin-k8s-node';
import { PreparedJson } from '../router/PreparedJson';
import { namespacesView } from '../views/viewQueries';
import { namespaceStatus } from '../views/namespaceRow';
import { plainText } from '../views/plainText';
import type { ChangeGuard } from '../workloads/ChangeGuard';
import { deleteLive } from '../workloads/deleteLive';
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

/**
 * The labels that differ, null for those to be removed. Labels that stay are not sent: some of them need more than the right to
 * change labels.
 */
function labelPatch(before: Labels, after: Labels) {
  const differing = [...Object.keys(before), ...Object.keys(after)].filter(
    key =>
      before[key] !== after[key] && !(key === LABEL_NAME && !(key in after)),
  );
  return Object.fromEntries(differing.map(key => [key, after[key] ?? null]));
}

/** Reads, creates, changes and deletes namespaces. */
export class NamespaceService {
  constructor(
    private readonly options: { resources: ResourceClient; guard: ChangeGuard },
  ) {}

  /** By name. @throws NotFoundError */
  async list(cluster: string, context: RequestContext): Promise<PreparedJson> {
    const { rows, cache } = await this.options.resources.view(
      namespacesView({ cluster }),
      { context },
    );
    const byName = [...rows].sort((one, other) =>
      one.key < other.key ? -1 : 1,
    );
    return PreparedJson.of(
      { cache },
      { namespaces: byName.map(({ json }) => json) },
    );
  }

  /** @throws ConflictError when it exists, InputError */
  async create(
    place: NamespacePlace,
    labels: Labels,
    options: { context: RequestContext; dryRun: boolean },
  ): Promise<Schema<'Change'>> {
    const { context, dryRun } = options;
    const { name } = place;
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
    const reference = { ...NAMESPACES, ...place };
    checkLabels(labels, place.name);
    await this.options.guard.demand('update', reference, context);
    const { before, after } = await patchLive(
      this.options.resources,
      reference,
      {
        context,
        action: 'namespace.update',
        details: { labels },
        dryRun,
        build: ({ metadata }) => ({
          metadata: { labels: labelPatch(metadata.labels ?? {}, labels) },
        }),
      },
    );
    return answer(after, dryRun ? { before, after } : undefined);
  }

  /** Deletes it with everything in it. @throws NotFoundError */
  async delete(
    place: NamespacePlace,
    context: RequestContext,
  ): Promise<{ success: true }> {
    await deleteLive(
      this.options.resources,
      { ...NAMESPACES, ...place },
      { context, action: 'namespace.delete' },
    );
    return { success: true };
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
