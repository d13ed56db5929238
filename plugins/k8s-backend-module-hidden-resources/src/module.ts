import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { k8sResourceFiltersExtensionPoint } from '@backstage-k8s/plugin-k8s-node';
import { HiddenResourcesFilter } from './HiddenResourcesFilter';
import { readHidden } from './readHidden';

/** Hides namespaces and kinds in clusters from who need not see them (`k8s.hidden`). @public */
export const k8sModuleHiddenResources = createBackendModule({
  pluginId: 'k8s',
  moduleId: 'hidden-resources',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        filters: k8sResourceFiltersExtensionPoint,
        userInfo: coreServices.userInfo,
      },
      async init({ config, filters, userInfo }) {
        const hidden = readHidden(config);
        if (hidden.length === 0) return;
        filters.addFilter(new HiddenResourcesFilter({ hidden, userInfo }));
      },
    });
  },
});
