/**
 * The Kubernetes API of a cluster for programs that speak it, as the caller. It is no tunnel: each request is read, and done through the
 * same layers as on any page, so that permission, filters, hooks, audit and the cache are the same. Nothing that a client sends
 * besides path, selector and body reaches the cluster.
 */
import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import type {
  KindDescription,
  KubernetesObject,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { AuditLog } from '../audit/AuditLog';
import type { KindDirectory } from '../discovery/KindDirectory';
import { failureLog } from '../errors/failureLog';
import { MethodNotAllowedError } from '../errors/statusErrors';
import type { HealthMonitor } from '../health/HealthMonitor';
import { referenceOf } from '../objects/ObjectPlace';
import type { ObjectService } from '../objects/ObjectService';
import { listWhole } from '../resources/listWhole';
import { trimmedCopy } from '../resources/redactObject';
import { coreVersions, groupList, kindList } from './discoveryDocuments';
import { readKubePath } from './readKubePath';
import type { KubeCollection, KubePath } from './readKubePath';

/** Who may edit a cluster lets the Kubernetes API of it be used by this label. */
export const PROXY_LABEL = 'backstage-k8s.io/kubernetes-plugin';
const ENABLED = 'enabled';
/** Objects in one answer: who speaks this API wants whole lists. */
const MAX_ITEMS = 2_000;

/** An answer of the Kubernetes API. */
export interface KubeAnswer {
  kind: string;
  apiVersion: string;
  [field: string]: unknown;
}

type Place = { cluster: string; path: string };
type KubeObjectPath = Extract<KubePath, { type: 'object' }>;

function apiVersionOf({ group, version }: KubeCollection): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Answers requests of the Kubernetes API. */
export class KubeProxy {
  constructor(
    private readonly options: {
      resources: ResourceReader;
      objects: Pick<ObjectService, 'create' | 'patch' | 'delete'>;
      clusters: VisibleClusters;
      kinds: KindDirectory;
      health: Pick<HealthMonitor, 'summaries'>;
      audit: Pick<AuditLog, 'refused'>;
      logger: LoggerService;
    },
  ) {}

  /** @throws NotFoundError, NotAllowedError, InputError */
  async read(
    place: Place,
    query: { labelSelector?: string; watch?: string },
    context: RequestContext,
  ): Promise<KubeAnswer> {
    const path = await this.open(place, context);
    if (query.watch !== undefined && !/^(false|0)$/.test(query.watch)) {
      throw new InputError('Watching is not possible here; list again instead');
    }
    switch (path.type) {
      case 'collection':
        return this.list(place, path.collection, query, context);
      case 'object':
        return this.get(place, path, { context });
      default:
        return this.document(place, path, context);
    }
  }

  /** @throws ConflictError, NotFoundError, NotAllowedError, InputError */
  async create(
    place: Place,
    object: Record<string, unknown>,
    context: RequestContext,
  ): Promise<KubeAnswer> {
    const path = await this.open(place, context);
    if (path.type !== 'collection') throw new MethodNotAllowedError(['GET']);
    const { collection } = path;
    const manifest = withNamespace(object, collection);
    await this.kindOf(place, collection, context);
    const { group, plural } = collection;
    const { name, resourceVersion } = await this.options.objects.create(
      { cluster: place.cluster, group, plural },
      manifest,
      { context, dryRun: false },
    );
    const created = { type: 'object', collection, name } as const;
    return this.written(place, created, { context, resourceVersion });
  }

  /** @throws ConflictError, NotFoundError, NotAllowedError, InputError */
  async patch(
    place: Place,
    patch: Record<string, unknown>,
    context: RequestContext,
  ): Promise<KubeAnswer> {
    const path = await this.objectAt(place, context);
    const { resourceVersion } = await this.options.objects.patch(
      await this.placeOf(place, path, context),
      patch,
      { context, dryRun: false, version: path.collection.version },
    );
    return this.written(place, path, { context, resourceVersion });
  }

  /** @throws ConflictError, NotFoundError, NotAllowedError, InputError */
  async delete(
    place: Place,
    propagation: 'Background' | 'Foreground' | 'Orphan' | undefined,
    context: RequestContext,
  ): Promise<KubeAnswer> {
    const path = await this.objectAt(place, context);
    const target = await this.placeOf(place, path, context);
    await this.options.objects.delete(target, {
      ...{ context, propagation },
      dryRun: false,
    });
    return succeeded(path);
  }

  /** What was written, as it is; who may write it and not read it, or cannot read it just now, is told that it was. */
  private async written(
    place: Place,
    path: KubeObjectPath,
    options: { context: RequestContext; resourceVersion?: string },
  ): Promise<KubeAnswer> {
    return this.get(place, path, options).catch(error => {
      const { group, plural, namespace } = path.collection;
      const isRefused =
        error instanceof NotFoundError || error instanceof NotAllowedError;
      // That one may write what one may not read is how somebody wants it.
      this.options.logger[isRefused ? 'info' : 'warn'](
        'What was written through the proxy cannot be read again',
        {
          cluster: place.cluster,
          kind: group === '' ? plural : `${plural}.${group}`,
          ...(namespace !== undefined && { namespace }),
          name: path.name,
          ...failureLog(error),
        },
      );
      return succeeded(path);
    });
  }

  /** What the path is about, when the caller may see the cluster and the cluster is open to this. */
  private async open(
    { cluster, path }: Place,
    context: RequestContext,
  ): Promise<KubePath> {
    const { labels, name } = await this.options.clusters.get(cluster, context);
    if (labels[PROXY_LABEL] !== ENABLED) {
      throw new NotAllowedError(
        `The Kubernetes API of this cluster cannot be used through the portal. Whoever may edit the cluster can allow it with the label ${PROXY_LABEL}: ${ENABLED}`,
      );
    }
    try {
      return readKubePath(path);
    } catch (error) {
      // A read that is none leaves a trace, whatever its method.
      if (error instanceof NotAllowedError) {
        await this.options.audit.refused(
          { action: 'proxy.subresource', cluster: { id: cluster, name } },
          context,
          error,
        );
      }
      throw error;
    }
  }

  private async objectAt(
    place: Place,
    context: RequestContext,
  ): Promise<KubeObjectPath> {
    const path = await this.open(place, context);
    if (path.type === 'object') return path;
    throw new MethodNotAllowedError(
      path.type === 'collection' ? ['GET', 'POST'] : ['GET'],
    );
  }

  private async kindOf(
    { cluster }: Place,
    { group, plural, version }: KubeCollection,
    { signal }: RequestContext,
  ): Promise<KindDescription> {
    return this.options.kinds.find(
      cluster,
      { group, plural, version },
      { signal },
    );
  }

  private async placeOf(
    place: Place,
    { collection, name }: KubeObjectPath,
    context: RequestContext,
  ) {
    // That the version is served is looked at here: the place has none.
    await this.kindOf(place, collection, context);
    const { group, plural, namespace } = collection;
    return { cluster: place.cluster, group, plural, namespace, name };
  }

  private async get(
    place: Place,
    { collection, name }: KubeObjectPath,
    options: {
      context: RequestContext;
      /** At least this one: what was just written. */
      resourceVersion?: string;
    },
  ): Promise<KubeAnswer> {
    const { context, resourceVersion } = options;
    const kind = await this.kindOf(place, collection, context);
    const { version, ...rest } = collection;
    const reference = referenceOf(
      { cluster: place.cluster, ...rest, name },
      kind,
      { version },
    );
    const { object } = await this.options.resources.get(reference, {
      context,
      ...(resourceVersion && { minimumVersion: resourceVersion }),
    });
    return asAnswer(kind, collection, object);
  }

  private async list(
    { cluster, ...place }: Place,
    collection: KubeCollection,
    { labelSelector }: { labelSelector?: string },
    context: RequestContext,
  ): Promise<KubeAnswer> {
    const kind = await this.kindOf({ cluster, ...place }, collection, context);
    if (!kind.namespaced && collection.namespace !== undefined) {
      throw new NotFoundError(`A ${kind.kind} is in no namespace`);
    }
    const { items, resourceVersion } = await listWhole(
      this.options.resources,
      { cluster, ...collection, labelSelector, maxItems: MAX_ITEMS },
      { context },
    );
    return {
      kind: `${kind.kind}List`,
      apiVersion: apiVersionOf(collection),
      metadata: { resourceVersion },
      items: items.map(item => asAnswer(kind, collection, item)),
    };
  }

  private async document(
    { cluster }: Place,
    path: Extract<KubePath, { type: 'document' | 'kinds' }>,
    context: RequestContext,
  ): Promise<KubeAnswer> {
    if (path.type === 'document' && path.document === 'versions') {
      return coreVersions();
    }
    if (path.type === 'document' && path.document === 'version') {
      const summaries = await this.options.health.summaries();
      return {
        kind: 'Info',
        apiVersion: 'v1',
        gitVersion: summaries.get(cluster)?.version ?? 'unknown',
      };
    }
    const { kinds } = await this.options.kinds.list(cluster, {
      signal: context.signal,
    });
    return path.type === 'kinds' ? kindList(kinds, path) : groupList(kinds);
  }
}

/** That something was done. */
function succeeded({ collection, name }: KubeObjectPath): KubeAnswer {
  const { group, plural } = collection;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group !== '' && { group }), kind: plural },
  };
}

/** Without what is never answered, as the kind and version that was asked for. */
function asAnswer(
  kind: KindDescription,
  collection: KubeCollection,
  object: KubernetesObject,
): KubeAnswer {
  return {
    ...trimmedCopy(kind, object),
    apiVersion: apiVersionOf(collection),
    kind: kind.kind,
  };
}

/** The manifest with the namespace of its path, as the API server would have it. @throws InputError when they disagree */
function withNamespace(
  object: Record<string, unknown>,
  { namespace }: KubeCollection,
): KubernetesObject {
  const { metadata } = object;
  if (
    typeof metadata !== 'object' ||
    metadata === null ||
    Array.isArray(metadata)
  ) {
    throw new InputError('metadata is missing');
  }
  const own: unknown = Reflect.get(metadata, 'namespace');
  if (own !== undefined && own !== namespace) {
    throw new InputError('metadata.namespace is not that of the path');
  }
  return {
    ...object,
    metadata: { ...metadata, ...(namespace !== undefined && { namespace }) },
  } as KubernetesObject;
}
