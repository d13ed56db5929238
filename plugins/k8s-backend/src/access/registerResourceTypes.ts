import type { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import {
  k8sClusterPermissions,
  k8sResourcePermissions,
  parseResourceReference,
} from '@backstage-k8s/plugin-k8s-common';
import type { ClusterReference } from '@backstage-k8s/plugin-k8s-common';
import {
  k8sClusterResourceRef,
  k8sClusterRules,
  k8sResourceResourceRef,
  k8sResourceRules,
} from '@backstage-k8s/plugin-k8s-node';
import { toResourceReference } from '../resources/resourceReference';

/**
 * Tells Backstage our permissions, rules and how to find what a reference names; see `permissionReferences.ts` for their
 * form. What is not found is denied under conditions.
 *
 * @param options - `clusters`: all registered clusters as rules see them
 */
export function registerResourceTypes(options: {
  registry: PermissionsRegistryService;
  clusters: () => Promise<ClusterReference[]>;
}): void {
  const clustersById = async () =>
    new Map(
      (await options.clusters()).map(cluster => [cluster.id ?? '', cluster]),
    );
  options.registry.addResourceType({
    resourceRef: k8sClusterResourceRef,
    permissions: [...k8sClusterPermissions],
    rules: Object.values(k8sClusterRules),
    getResources: async references => {
      const clusters = await clustersById();
      return references.map(reference => clusters.get(reference));
    },
  });
  options.registry.addResourceType({
    resourceRef: k8sResourceResourceRef,
    permissions: [...k8sResourcePermissions],
    rules: Object.values(k8sResourceRules),
    getResources: async references => {
      const clusters = await clustersById();
      return references.map(reference => {
        const place = parseResourceReference(reference);
        const cluster = place && clusters.get(place.cluster);
        return cluster && toResourceReference(cluster, place);
      });
    },
  });
}
