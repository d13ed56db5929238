import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { searchIndexRegistryExtensionPoint } from '@backstage/plugin-search-backend-node/alpha';
import { K8sCollatorFactory } from './K8sCollatorFactory';
import { HttpObjectReader } from './ObjectReader';
import { readCollatorConfig } from './readCollatorConfig';

/** Puts workloads, Services, Ingresses and Namespaces of all clusters into Backstage's search. @public */
export const searchModuleK8s = createBackendModule({
  pluginId: 'search',
  moduleId: 'k8s',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        index: searchIndexRegistryExtensionPoint,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ auth, config, discovery, index, logger, scheduler }) {
        const { schedule, kinds, basePath } = readCollatorConfig(config);
        index.addCollator({
          schedule: scheduler.createScheduledTaskRunner(schedule),
          factory: new K8sCollatorFactory({
            reader: new HttpObjectReader({ auth, discovery }),
            ...{ kinds, basePath, logger },
          }),
        });
      },
    });
  },
});
