import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { K8sPolicy } from './K8sPolicy';

/**
 * Makes {@link K8sPolicy} the permission policy of the portal. Permissions that are not of the suite are allowed to
 * everyone; a portal with a policy of its own registers that one instead, with a K8sPolicy around it.
 *
 * @public
 */
export const permissionModuleK8s = createBackendModule({
  pluginId: 'permission',
  moduleId: 'k8s',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        policy: policyExtensionPoint,
      },
      async init({ config, policy }) {
        policy.setPolicy(K8sPolicy.fromConfig(config));
      },
    });
  },
});
