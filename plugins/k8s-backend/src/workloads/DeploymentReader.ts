import { ServiceUnavailableError } from '@backstage/errors';
import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  ReadOptions,
  RequestContext,
  ResourceReader,
  ViewRow,
} from '@backstage-k8s/plugin-k8s-node';
import { PreparedJson } from '../router/PreparedJson';
import { leastFresh } from '../views/cacheStates';
import { createdAt } from '../views/createdAt';
import { deploymentRow } from '../views/deploymentRow';
import { matchesSearch } from '../views/matchesSearch';
import { page } from '../views/page';
import type { SortKey } from '../views/page';
import { autoscalersOf } from './autoscalers';
import { deploymentDetail } from './deploymentDetail';
import { deploymentDetailsView } from './deploymentViews';
import { listOptional } from './listOptional';
import { DEPLOYMENTS, EVENTS, PODS, REPLICA_SETS } from './ResourceKinds';
import { isObserved } from './rollout';
import { WorkloadIndex } from './WorkloadIndex';
import type { DeploymentObject } from './WorkloadObjects';

/** Which deployments, in which order, and which page of them. */
export interface DeploymentQuery {
  cluster: string;
  namespace?: string;
  labelSelector?: string;
  search?: string;
  /** A column, `-` before it sorts downwards. */
  sort?: string;
  limit?: number;
  continue?: string;
}

/** One deployment. */
export interface DeploymentPlace {
  cluster: string;
  namespace: string;
  name: string;
}

const DEFAULT_LIMIT = 100;

const nameKey = ({ metadata }: DeploymentObject): SortKey => [
  metadata.namespace ?? '',
  metadata.name ?? '',
];

/** Columns to sort by; name and namespace follow, so that the order is always the same. */
const SORT_KEYS: Record<string, (deployment: DeploymentObject) => SortKey> = {
  name: ({ metadata }) => [metadata.name ?? '', metadata.namespace ?? ''],
  namespace: ({ metadata }) => [metadata.namespace ?? '', metadata.name ?? ''],
  ready: deployment => [readyShare(deployment), ...nameKey(deployment)],
  age: deployment => [
    -Date.parse(createdAt(deployment)),
    ...nameKey(deployment),
  ],
};

/** 0: nothing that is wanted is ready; 1: all of it, also where nothing is wanted. */
function readyShare({ spec, status }: DeploymentObject): number {
  const desired = spec?.replicas ?? 1;
  return desired === 0
    ? 1
    : Math.min((status?.readyReplicas ?? 0) / desired, 1);
}

/** Whether a deployment has what it wants, so that no event is needed to say why not. */
function isQuiet(deployment: DeploymentObject): boolean {
  return isObserved(deployment) && readyShare(deployment) === 1;
}

/** Reads deployments with their rollout. */
export class DeploymentReader {
  constructor(
    private readonly options: {
      resources: ResourceReader;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  /** One page of deployments. @throws NotFoundError, InputError */
  async list(
    query: DeploymentQuery,
    context: RequestContext,
  ): Promise<{
    deployments: Schema<'Deployment'>[];
    total: number;
    continue?: string;
    cache: CacheState;
  }> {
    const { cluster, namespace, labelSelector, search } = query;
    const sort = query.sort ?? 'namespace';
    const column = sort.replace(/^-/, '');
    const list = await this.options.resources.list(
      { ...DEPLOYMENTS, cluster, namespace, labelSelector },
      { context },
    );
    const isWanted = matchesSearch(search);
    const found = (list.items as DeploymentObject[]).filter(
      ({ metadata, spec }) => isWanted(metadata.name, spec?.template?.spec),
    );
    const { rows, ...rest } = page(found, {
      keyOf: SORT_KEYS[column] ?? SORT_KEYS.namespace,
      isDescending: sort.startsWith('-'),
      limit: query.limit ?? DEFAULT_LIMIT,
      continue: query.continue,
      query: ['deployments', cluster, namespace, labelSelector, search, column],
    });
    const { index, caches } = await this.readParts(rows, { cluster, context });
    const now = this.options.now();
    return {
      deployments: rows.map(deployment =>
        deploymentRow(deployment, {
          cluster,
          parts: index.partsOf(deployment),
          now,
        }),
      ),
      ...rest,
      cache: leastFresh([list.cache, ...caches]),
    };
  }

  /** {@link detail}, written: from the view that pages share, where it knows the deployment. @throws NotFoundError */
  async prepared(
    place: DeploymentPlace,
    options: ReadOptions,
  ): Promise<PreparedJson> {
    const row =
      options.minimumVersion === undefined
        ? await this.row(place, options)
        : undefined;
    return row === undefined
      ? PreparedJson.from(await this.detail(place, options))
      : new PreparedJson([row.json]);
  }

  private async row(
    place: DeploymentPlace,
    options: ReadOptions,
  ): Promise<ViewRow | undefined> {
    try {
      const view = deploymentDetailsView(place);
      return (await this.options.resources.view(view, options)).rows[0];
    } catch (error) {
      // The API server may still tell.
      if (error instanceof ServiceUnavailableError) return undefined;
      throw error;
    }
  }

  /** One deployment with all that belongs to it. @throws NotFoundError */
  async detail(
    place: DeploymentPlace,
    options: ReadOptions,
  ): Promise<Schema<'DeploymentDetail'>> {
    const { object, cache } = await this.options.resources.get(
      { ...DEPLOYMENTS, ...place },
      options,
    );
    const [detail] = await this.detailsOf([object], {
      cluster: place.cluster,
      context: options.context,
      cache,
    });
    return detail;
  }

  private async detailsOf(
    deployments: readonly DeploymentObject[],
    options: { cluster: string; context: RequestContext; cache: CacheState },
  ): Promise<Schema<'DeploymentDetail'>[]> {
    const { cluster, context } = options;
    const namespaces = [
      ...new Set(deployments.map(({ metadata }) => metadata.namespace ?? '')),
    ];
    const [{ index, caches }, autoscalers] = await Promise.all([
      this.readParts(deployments, { cluster, context, withEvents: true }),
      Promise.all(
        namespaces.map(
          async namespace =>
            [
              namespace,
              await autoscalersOf(
                this.options.resources,
                { cluster, namespace },
                context,
              ),
            ] as const,
        ),
      ),
    ]);
    const autoscalersByNamespace = new Map(autoscalers);
    const cache = leastFresh([options.cache, ...caches]);
    const now = this.options.now();
    return deployments.map(deployment => {
      const { namespace = '', name = '' } = deployment.metadata;
      return deploymentDetail(deployment, {
        cluster,
        parts: index.partsOf(deployment),
        scaledBy: autoscalersByNamespace.get(namespace)?.get(name),
        cache,
        now,
      });
    });
  }

  /** What belongs to deployments. What may not be seen is left out. */
  private async readParts(
    deployments: readonly DeploymentObject[],
    options: {
      cluster: string;
      context: RequestContext;
      /** Also those of deployments that have what they want. */
      withEvents?: boolean;
    },
  ): Promise<{ index: WorkloadIndex; caches: CacheState[] }> {
    const { cluster, context, withEvents } = options;
    const caches: CacheState[] = [];
    const ownedBy = async (
      kind: typeof PODS,
      owners: readonly KubernetesObject[],
    ): Promise<KubernetesObject[]> => {
      if (owners.length === 0) return [];
      const list = await listOptional(
        this.options.resources,
        { ...kind, cluster, ownerUids: uidsOf(owners) },
        { context },
      );
      if (!list) return [];
      caches.push(list.cache);
      return list.items;
    };
    const replicaSets = await ownedBy(REPLICA_SETS, deployments);
    const pods = await ownedBy(PODS, replicaSets);
    const events =
      withEvents || !deployments.every(isQuiet)
        ? await ownedBy(EVENTS, [...deployments, ...replicaSets, ...pods])
        : [];
    return { index: WorkloadIndex.of({ replicaSets, pods, events }), caches };
  }
}

function uidsOf(objects: readonly KubernetesObject[]): string[] {
  return objects.flatMap(({ metadata: { uid } }) => uid ?? []);
}
