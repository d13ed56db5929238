import {
  ANNOTATION_CLUSTER_CA,
  ANNOTATION_CLUSTER_ID,
  ANNOTATION_CLUSTER_OWNER,
  ANNOTATION_CLUSTER_SERVER,
  CLUSTER_ENTITY_TYPE,
  clusterSlug,
} from '@backstage-k8s/plugin-k8s-common';
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  KubernetesValidatorFunctions,
  parseEntityRef,
} from '@backstage/catalog-model';
import type { ResourceEntity } from '@backstage/catalog-model';

/** A cluster of the registry; server and CA only where they are to be shown. */
export type CatalogCluster = Schema<'Cluster'> &
  Partial<Pick<Schema<'ClusterDetail'>, 'server' | 'caData'>>;

/** The labels that an entity may have; one invalid label would keep the whole entity out of the catalog. */
function entityLabels(labels: Record<string, string>): Record<string, string> {
  const { isValidLabelKey, isValidLabelValue } = KubernetesValidatorFunctions;
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([key, value]) => isValidLabelKey(key) && isValidLabelValue(value),
    ),
  );
}

/** The annotations that have a value. */
function annotations(
  values: Record<string, string | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    ),
  );
}

/**
 * The entity of a cluster. It is called as the registry says, which stays when the cluster is renamed.
 *
 * @param options - `defaultOwner`: who owns it in the catalog when nobody does
 */
export function clusterEntity(
  cluster: CatalogCluster,
  options: { defaultOwner: string },
): ResourceEntity {
  const { name, namespace } = parseEntityRef(
    cluster.entityRef ?? clusterSlug(cluster.name),
    { defaultKind: 'Resource', defaultNamespace: 'default' },
  );
  const location = `k8s:${cluster.id}`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name,
      namespace,
      title: cluster.name,
      labels: entityLabels(cluster.labels),
      annotations: annotations({
        [ANNOTATION_LOCATION]: location,
        [ANNOTATION_ORIGIN_LOCATION]: location,
        [ANNOTATION_CLUSTER_ID]: cluster.id,
        // The entity's owner may be the default one, who has no right to the cluster.
        [ANNOTATION_CLUSTER_OWNER]: cluster.owner,
        [ANNOTATION_CLUSTER_SERVER]: cluster.server,
        [ANNOTATION_CLUSTER_CA]:
          cluster.caData && Buffer.from(cluster.caData).toString('base64'),
      }),
    },
    spec: {
      type: CLUSTER_ENTITY_TYPE,
      owner: cluster.owner ?? options.defaultOwner,
    },
  };
}
