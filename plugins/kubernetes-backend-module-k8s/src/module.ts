import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  kubernetesAuthStrategyExtensionPoint,
  kubernetesClusterSupplierExtensionPoint,
} from '@backstage/plugin-kubernetes-node';
import { AUTH_PROVIDER, SuiteClusters } from './SuiteClusters';

/** Shows clusters of the suite to Backstage's own kubernetes plugin, through the suite's own proxy. @public */
export const kubernetesModuleK8s = createBackendModule({
  pluginId: 'kubernetes',
  moduleId: 'k8s',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        discovery: coreServices.discovery,
        suppliers: kubernetesClusterSupplierExtensionPoint,
        strategies: kubernetesAuthStrategyExtensionPoint,
      },
      async init({ auth, discovery, suppliers, strategies }) {
        const clusters = new SuiteClusters({ auth, discovery });
        suppliers.addClusterSupplier(clusters);
        strategies.addAuthStrategy(AUTH_PROVIDER, clusters);
      },
    });
  },
});
