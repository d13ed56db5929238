import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { k8sResourceHooksExtensionPoint } from '@backstage-k8s/plugin-k8s-node';
import { FreezeHook } from './FreezeHook';
import { readFreezes } from './readFreezes';

/** Refuses changes in clusters at times that an operator sets (`k8s.freezes`). @public */
export const k8sModuleChangeFreeze = createBackendModule({
  pluginId: 'k8s',
  moduleId: 'change-freeze',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        hooks: k8sResourceHooksExtensionPoint,
        userInfo: coreServices.userInfo,
      },
      async init({ config, hooks, userInfo }) {
        hooks.addHook(
          new FreezeHook({
            freezes: readFreezes(config),
            userInfo,
            now: () => Date.now(),
          }),
        );
      },
    });
  },
});
