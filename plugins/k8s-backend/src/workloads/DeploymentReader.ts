import { ServiceUnavailableError } from '@backstage/errors';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type {
  ReadOptions,
  RequestContext,
  ResourceReader,
  ViewQuery,
  ViewRow,
} from '@backstage-k8s/plugin-k8s-node';
import { compareVersions } from '../resources/resourceVersion';
import { PreparedJson } from '../router/PreparedJson';
import { matchesSearch } from '../views/matchesSearch';
import { page } from '../views/page';
import type { SortKey } from '../views/page';
import { deploymentDetail } from './deploymentDetail';
import { deploymentDetailsView, deploymentsView } from './deploymentViews';
import { DEPLOYMENTS } from './ResourceKinds';
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
/** Milliseconds that a view may take to show what the API server has told already; as long as a read waits for the cache. */
const VIEW_WAIT_MS = 1_000;

/** A row of the list, which is read only where its order or a search needs it. */
class ListedDeployment {
  readonly json: string;
  /** Namespace and name. */
  readonly place: SortKey;
  #row?: Schema<'Deployment'>;

  constructor({ key, json }: ViewRow) {
    this.json = json;
    this.place = key.split('/');
  }

  get row(): Schema<'Deployment'> {
    this.#row ??= JSON.parse(this.json) as Schema<'Deployment'>;
    return this.#row;
  }
}

/** Columns to sort by; name and namespace follow, so that the order is always the same. */
const SORT_KEYS: Record<string, (deployment: ListedDeployment) => SortKey> = {
  name: ({ place: [namespace, name] }) => [name, namespace],
  namespace: ({ place }) => place,
  ready: ({ row, place }) => [readyShare(row), ...place],
  age: ({ row, place }) => [-Date.parse(row.createdAt), ...place],
};

/** 0: nothing that is wanted is ready; 1: all of it, also where nothing is wanted. */
function readyShare({ replicas, ready }: Schema<'Deployment'>): number {
  return replicas === 0 ? 1 : Math.min(ready / replicas, 1);
}

/** Reads deployments with their rollout, from the views that pages share. */
export class DeploymentReader {
  constructor(
    private readonly options: {
      resources: Pick<ResourceReader, 'get' | 'view' | 'watchView'>;
      /** Milliseconds since 1970. */
      now: () => number;
    },
  ) {}

  /** One page of deployments: what listDeployments answers. @throws NotFoundError, InputError */
  async list(
    query: DeploymentQuery,
    context: RequestContext,
  ): Promise<PreparedJson> {
    const { cluster, namespace, labelSelector, search } = query;
    const sort = query.sort ?? 'namespace';
    const column = sort.replace(/^-/, '');
    const view = await this.options.resources.view(
      deploymentsView({ cluster, namespace, labelSelector }),
      { context },
    );
    const isWanted = matchesSearch(search);
    const listed = view.rows.map(row => new ListedDeployment(row));
    const found = search
      ? listed.filter(({ row }) => isWanted(row.name, row))
      : listed;
    const { rows, ...rest } = page(found, {
      keyOf: SORT_KEYS[column] ?? SORT_KEYS.namespace,
      isDescending: sort.startsWith('-'),
      limit: query.limit ?? DEFAULT_LIMIT,
      continue: query.continue,
      query: ['deployments', cluster, namespace, labelSelector, search, column],
    });
    return PreparedJson.of(
      { ...rest, cache: view.cache },
      { deployments: rows.map(({ json }) => json) },
    );
  }

  /** One deployment with all that belongs to it: a `DeploymentDetail`. @throws NotFoundError */
  async detail(
    place: DeploymentPlace,
    options: ReadOptions,
  ): Promise<PreparedJson> {
    return new PreparedJson([await this.read(place, options)]);
  }

  /** How the rollout of a deployment is. @throws NotFoundError */
  async rollout(
    place: DeploymentPlace,
    context: RequestContext,
  ): Promise<Schema<'Rollout'>> {
    return JSON.parse(await this.read(place, { context })).rollout;
  }

  /** The JSON text of a `DeploymentDetail`. */
  private async read(
    place: DeploymentPlace,
    options: ReadOptions,
  ): Promise<string> {
    const view = deploymentDetailsView(place);
    if (options.minimumVersion === undefined) {
      const row = await this.row(view, options);
      if (row) return row.json;
    }
    // Only the API server can say that something does not exist, and a version that was asked for may not be in the cache yet.
    const { object } = await this.options.resources.get(
      { ...DEPLOYMENTS, ...place },
      options,
    );
    const json = await this.rowOf(view, { object, context: options.context });
    return json ?? this.alone(object, place);
  }

  private async row(
    view: ViewQuery,
    options: ReadOptions,
  ): Promise<ViewRow | undefined> {
    try {
      return (await this.options.resources.view(view, options)).rows[0];
    } catch (error) {
      // The API server may still tell.
      if (error instanceof ServiceUnavailableError) return undefined;
      throw error;
    }
  }

  /** The row of the object in the version that it has, or a later one, once the view has it; undefined: not within a second. */
  private async rowOf(
    view: ViewQuery,
    options: { object: DeploymentObject; context: RequestContext },
  ): Promise<string | undefined> {
    const { object, context } = options;
    const { resourceVersion = '' } = object.metadata;
    const timeUp = AbortSignal.timeout(VIEW_WAIT_MS);
    const signal = AbortSignal.any([context.signal, timeUp]);
    const changes = this.options.resources.watchView(view, {
      context: { ...context, signal },
    });
    try {
      for await (const change of changes) {
        if (change.type === 'RESET') continue;
        for (const { json } of change.upserted) {
          const row: Schema<'Deployment'> = JSON.parse(json);
          const version = row.resourceVersion ?? '';
          if (compareVersions(version, resourceVersion) >= 0) return json;
        }
      }
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof ServiceUnavailableError) && !timeUp.aborted) {
        throw error;
      }
    }
    context.signal.throwIfAborted();
    return undefined;
  }

  /** A deployment that the cache does not know yet, without what belongs to it. */
  private alone(object: DeploymentObject, { cluster }: DeploymentPlace) {
    const detail = deploymentDetail(object, {
      cluster,
      parts: { replicaSets: [], pods: [], events: [] },
      cache: { state: 'syncing' },
      now: this.options.now(),
    });
    return JSON.stringify(detail);
  }
}
