import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  GetResult,
  ObjectReference,
  ReadOptions,
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import type { VisibleClusters } from '../access/VisibleClusters';
import { toResourceRow } from '../cache/selectRows';
import { publicColumn } from '../discovery/kindHandlers';
import type { KindDirectory } from '../discovery/KindDirectory';
import { clusterFailureOf } from '../errors/clusterErrors';
import type { HandlerResult } from '../router/Handlers';
import { trimmedCopy } from '../resources/redactObject';
import { createRowBuilder } from '../rows/createRowBuilder';
import { fieldOwnersOf } from '../workloads/fieldOwners';
import { readVersions } from '../workloads/history';
import { revisionDetail } from '../workloads/revisions';
import { referenceOf } from './ObjectPlace';
import type { ObjectPlace } from './ObjectPlace';

/** Reads single objects of any kind. */
export class ObjectReader {
  constructor(
    private readonly options: {
      resources: ResourceReader;
      clusters: VisibleClusters;
      kinds: KindDirectory;
    },
  ) {}

  /** @throws NotFoundError */
  async get(
    place: ObjectPlace,
    options: ReadOptions & { version?: string },
  ): Promise<HandlerResult<'getResource'>> {
    const { context, version } = options;
    const kind = await this.kindOf(place, context, version);
    const reference = referenceOf(place, kind);
    const { object, cache } = await this.read(reference, options);
    const content = createRowBuilder(kind, kind.columns)(object);
    const { metadata } = object;
    return {
      object: { ...trimmedCopy(kind, object) },
      columns: kind.columns.map(publicColumn),
      row: toResourceRow({ metadata, content }, place.cluster),
      owners: fieldOwnersOf(object),
      cache,
    };
  }

  /** Newest first; none for a kind that keeps none. @throws NotFoundError */
  async revisions(
    place: ObjectPlace,
    context: RequestContext,
  ): Promise<{ revisions: Schema<'RevisionDetail'>[] }> {
    const { resources } = this.options;
    const kind = await this.kindOf(place, context);
    const reference = referenceOf(place, kind);
    const { object: live } = await resources.get(reference, { context });
    const versions = await readVersions(resources, {
      reference,
      live,
      context,
    });
    return { revisions: versions.map(revisionDetail) };
  }

  private async kindOf(
    { cluster, group, plural }: ObjectPlace,
    context: RequestContext,
    version?: string,
  ) {
    await this.options.clusters.get(cluster, context);
    return this.options.kinds.find(
      cluster,
      { group, plural, version },
      { signal: context.signal },
    );
  }

  /** From the cluster, for only it tells who set what; from the cache while the cluster does not answer. */
  private async read(
    reference: ObjectReference,
    { context, minimumVersion }: ReadOptions,
  ): Promise<GetResult & { object: KubernetesObject }> {
    const { resources } = this.options;
    try {
      return await resources.get(reference, { context, live: true });
    } catch (error) {
      const failure = clusterFailureOf(error);
      if (!failure || failure.status !== undefined) throw error;
      const kept = await resources
        .get(reference, { context, minimumVersion })
        .catch(() => undefined);
      if (!kept) throw error;
      return kept;
    }
  }
}
