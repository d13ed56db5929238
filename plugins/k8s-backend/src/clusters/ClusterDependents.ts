import type { AuthService } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { ServiceUnavailableError } from '@backstage/errors';
import { ANNOTATION_KUBERNETES_CLUSTER } from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { clusterEntityRef } from './clusterEntityRef';
import type { RegisteredCluster } from './ClusterStore';

/** What depends on a cluster being registered. */
export type Dependent = Schema<'Dependent'>;

/** Finds what depends on a cluster: today the catalog's entities that name it. */
export class ClusterDependents {
  readonly #catalog: Pick<CatalogService, 'getEntities' | 'getEntitiesByRefs'>;
  readonly #auth: AuthService;

  constructor(options: {
    catalog: Pick<CatalogService, 'getEntities' | 'getEntitiesByRefs'>;
    auth: AuthService;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
  }

  /**
   * All of them. Looked for as the plugin, so that nothing is missed; those that the caller may not see are counted only.
   *
   * @throws ServiceUnavailableError when the catalog does not answer
   */
  async list(
    cluster: RegisteredCluster,
    context: RequestContext,
  ): Promise<Dependent[]> {
    try {
      return await this.#list(cluster, context);
    } catch (error) {
      throw new ServiceUnavailableError(
        'The catalog does not answer, so it is not known what depends on the cluster; try again soon',
        error,
      );
    }
  }

  async #list(
    cluster: RegisteredCluster,
    { credentials }: RequestContext,
  ): Promise<Dependent[]> {
    const own = { credentials: await this.#auth.getOwnServiceCredentials() };
    const annotation = `metadata.annotations.${ANNOTATION_KUBERNETES_CLUSTER}`;
    const { items } = await this.#catalog.getEntities(
      {
        filter: { [annotation]: [cluster.name, cluster.slug] },
        fields: ['kind', 'metadata.name', 'metadata.namespace'],
      },
      own,
    );
    const entityRefs = items
      .map(stringifyEntityRef)
      .filter(ref => ref !== clusterEntityRef(cluster))
      .sort();
    if (entityRefs.length === 0) return [];
    const seen = await this.#catalog.getEntitiesByRefs(
      { entityRefs, fields: ['kind', 'metadata'] },
      { credentials },
    );
    const visible = seen.items.filter(
      (entity): entity is Entity => entity !== undefined,
    );
    return [
      ...visible.map(dependentOf),
      ...hiddenOf(entityRefs.length - visible.length),
    ];
  }
}

function dependentOf(entity: Entity): Dependent {
  const ref = stringifyEntityRef(entity);
  const title = entity.metadata.title ?? parseEntityRef(ref).name;
  return { kind: 'entity', ref, title };
}

function hiddenOf(count: number): Dependent[] {
  if (count === 0) return [];
  const what = count === 1 ? '1 entity' : `${count} entities`;
  return [{ kind: 'entity', ref: '', title: `${what} that you may not see` }];
}
