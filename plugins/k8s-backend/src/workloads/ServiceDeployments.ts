/**
 * The deployments of a catalog entity on all clusters. Which deployments are its own is told by the annotations of Backstage's
 * kubernetes plugin.
 */
import { InputError } from '@backstage/errors';
import {
  ANNOTATION_KUBERNETES_CLUSTER,
  ANNOTATION_KUBERNETES_ID,
  ANNOTATION_KUBERNETES_LABEL_SELECTOR,
  ANNOTATION_KUBERNETES_NAMESPACE,
  isDnsLabel,
  isLabelValue,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { HealthMonitor } from '../health/HealthMonitor';
import { parseLabelSelector } from '../resources/LabelSelector';
import { PreparedJson } from '../router/PreparedJson';
import { plainText } from '../views/plainText';
import { serviceDeploymentsView } from './deploymentViews';
import type {
  ServiceAnnotations,
  ServiceAnnotationValues,
} from './ServiceAnnotations';
import { within } from './within';

/** How long one cluster may take; one that is away has its last data in the cache, which answers at once. */
const CLUSTER_WAIT_MS = 2_000;

/** A cluster that the caller may see. */
export interface ServiceCluster {
  id: string;
  name: string;
  /** Name of its catalog entity. */
  slug?: string;
  labels: Record<string, string>;
}

/** Where the deployments of an entity are, and how they are told from others. */
export interface ServiceSelection {
  labelSelector: string;
  /** Absent: all namespaces. */
  namespace?: string;
  clusters: ServiceCluster[];
}

/**
 * The label selector of an entity by its annotations; undefined when it names no workloads.
 *
 * @throws InputError when an annotation is not valid
 */
export function selectorOf(
  annotations: ServiceAnnotationValues,
): string | undefined {
  const selector = annotations[ANNOTATION_KUBERNETES_LABEL_SELECTOR];
  if (selector) {
    parseLabelSelector(selector);
    return selector;
  }
  const id = annotations[ANNOTATION_KUBERNETES_ID];
  if (!id) return undefined;
  if (!isLabelValue(id)) {
    throw new InputError(
      `The entity's annotation ${ANNOTATION_KUBERNETES_ID} is not a label's value`,
    );
  }
  return `${ANNOTATION_KUBERNETES_ID}=${id}`;
}

/** Finds the deployments of catalog entities. */
export class ServiceDeployments {
  constructor(
    private readonly options: {
      resources: Pick<ResourceReader, 'view'>;
      annotations: Pick<ServiceAnnotations, 'of'>;
      clusters: { list(context: RequestContext): Promise<ServiceCluster[]> };
      health: Pick<HealthMonitor, 'summaries'>;
    },
  ) {}

  /** What listServiceDeployments answers. @throws NotFoundError when the entity does not exist or may not be seen, InputError */
  async list(
    entityRef: string,
    context: RequestContext,
  ): Promise<PreparedJson> {
    const selection = await this.select(entityRef, context);
    if (!selection) {
      return PreparedJson.of({ items: [], clusters: [], errors: [] }, {});
    }
    const summaries = await this.options.health.summaries();
    const answers = await Promise.all(
      selection.clusters.map(cluster => this.ask(cluster, selection, context)),
    );
    const others = {
      clusters: answers.map(({ cluster, cache }) => ({
        id: cluster.id,
        name: cluster.name,
        labels: cluster.labels,
        status: summaries.get(cluster.id)?.status ?? 'unknown',
        cache,
      })),
      errors: answers.flatMap(({ cluster, error }) =>
        error === undefined
          ? []
          : [{ cluster: { id: cluster.id, name: cluster.name }, error }],
      ),
    };
    return PreparedJson.of(others, {
      items: answers.flatMap(({ items }) => items),
    });
  }

  /**
   * Where to look for an entity's deployments; undefined when it has no annotation that says.
   *
   * @throws NotFoundError when the entity does not exist or may not be seen, InputError
   */
  async select(
    entityRef: string,
    context: RequestContext,
  ): Promise<ServiceSelection | undefined> {
    const annotations = await this.options.annotations.of(entityRef, context);
    const labelSelector = selectorOf(annotations);
    if (labelSelector === undefined) return undefined;
    const namespace = annotations[ANNOTATION_KUBERNETES_NAMESPACE];
    if (namespace !== undefined && !isDnsLabel(namespace)) {
      throw new InputError(
        `The entity's annotation ${ANNOTATION_KUBERNETES_NAMESPACE} is not a namespace's name`,
      );
    }
    const wanted = annotations[ANNOTATION_KUBERNETES_CLUSTER]?.toLowerCase();
    const clusters = await this.options.clusters.list(context);
    return {
      labelSelector,
      namespace,
      clusters: clusters
        .filter(
          ({ name, slug }) =>
            !wanted || name.toLowerCase() === wanted || slug === wanted,
        )
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
    };
  }

  private async ask(
    cluster: ServiceCluster,
    { labelSelector, namespace }: ServiceSelection,
    context: RequestContext,
  ): Promise<{
    cluster: ServiceCluster;
    /** JSON texts of `ServiceDeployment`. */
    items: string[];
    cache: CacheState;
    error?: string;
  }> {
    const silent = (error: string, cache: CacheState) => ({
      cluster,
      items: [],
      cache,
      error,
    });
    try {
      const answer = await within(
        this.options.resources.view(
          serviceDeploymentsView({
            ...{ cluster: cluster.id, namespace, labelSelector },
          }),
          { context },
        ),
        CLUSTER_WAIT_MS,
      );
      if (answer) {
        const { rows, cache } = answer;
        const inOrder = [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
        return { cluster, items: inOrder.map(({ json }) => json), cache };
      }
      const message = 'The cluster has not answered yet';
      return silent(message, { state: 'syncing', message });
    } catch (error) {
      const message = plainText(
        error instanceof Error ? error.message : 'The cluster did not answer',
      );
      return silent(message, { state: 'stale', message });
    }
  }
}
