import { readFileSync } from 'node:fs';
import { createBackendModule } from '@backstage/backend-plugin-api';
import { kubernetesClusterSupplierExtensionPoint } from '@backstage/plugin-kubernetes-node';
import type { ClusterDetails } from '@backstage/plugin-kubernetes-node';

/**
 * Tells Backstage's kubernetes plugin its clusters from the file that BENCH_PLUGIN_CLUSTERS names, read at each request, so that
 * clusters can be added while it runs. The file is small and in the page cache; what is measured takes thousands of times longer.
 */
export const benchClusters = createBackendModule({
  pluginId: 'kubernetes',
  moduleId: 'bench-clusters',
  register(env) {
    env.registerInit({
      deps: { suppliers: kubernetesClusterSupplierExtensionPoint },
      async init({ suppliers }) {
        const file = process.env.BENCH_PLUGIN_CLUSTERS;
        if (!file) throw new Error('BENCH_PLUGIN_CLUSTERS is not set');
        suppliers.addClusterSupplier({
          getClusters: async () =>
            JSON.parse(readFileSync(file, 'utf8')) as ClusterDetails[],
        });
      },
    });
  },
});
