import type {
  AccessFilter,
  ObjectReference,
  RequestContext,
  ResourceFilter,
  ResourceQuery,
} from '@backstage-k8s/plugin-k8s-node';
import { allOfCriteria } from '../access/allOfCriteria';
import { createReferencePredicate } from '../access/createAccessPredicate';
import type { VisibleClusters } from '../access/VisibleClusters';
import type { Narrowing } from '../resources/Narrowing';
import { toResourceReference } from '../resources/resourceReference';

/** The filters of modules, all of them together. */
export class ResourceFilters implements Narrowing {
  readonly hidesFromChanges = true;
  readonly #filters: ResourceFilter[] = [];
  readonly #clusters: VisibleClusters;

  constructor(options: {
    filters: readonly ResourceFilter[];
    clusters: VisibleClusters;
  }) {
    this.#filters.push(...options.filters);
    this.#clusters = options.clusters;
  }

  async applies(): Promise<boolean> {
    return this.#filters.length > 0;
  }

  async criteria(
    { cluster }: Pick<ResourceQuery, 'cluster'>,
    context: RequestContext,
  ): Promise<AccessFilter['criteria']> {
    const reference = await this.#clusters.get(cluster, context);
    return allOfCriteria(
      await Promise.all(
        this.#filters.map(filter => filter.criteria(reference, context)),
      ),
    );
  }

  async shows(
    reference: ObjectReference,
    context: RequestContext,
  ): Promise<boolean> {
    const cluster = await this.#clusters.get(reference.cluster, context);
    const criteria = await this.criteria(reference, context);
    const allows = createReferencePredicate({ cluster, criteria });
    return allows(toResourceReference(cluster, reference));
  }
}
