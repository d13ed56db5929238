import { readFile } from 'node:fs/promises';
import {
  coreServices,
  createBackendModule,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { apiEntity } from './apiEntity';
import { ClusterEntityProvider } from './ClusterEntityProvider';
import { HttpClusterReader } from './ClusterReader';

/** Published by the plugin when a cluster was registered, changed or removed. */
const TOPIC = 'k8s.clusters';

/** How long a missed event can go unnoticed. */
const FULL_SYNC = { frequency: { minutes: 1 }, timeout: { minutes: 1 } };

/** Shows every registered cluster as a `Resource` in the catalog, and the REST API as an `API`. @public */
export const catalogModuleK8s = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'k8s',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ config, catalog, events, lifecycle, scheduler, ...deps }) {
        const { auth, discovery, logger } = deps;
        const defaultOwner =
          config.getOptionalString('k8s.catalog.defaultOwner') ?? 'unknown';
        const withServers =
          config.getOptionalBoolean('k8s.catalog.annotations') ?? false;
        const definition = await readFile(
          resolvePackagePath(
            '@backstage-k8s/plugin-k8s-common',
            'openapi.yaml',
          ),
          'utf8',
        );
        const provider = new ClusterEntityProvider({
          reader: new HttpClusterReader({ auth, discovery, withServers }),
          api: apiEntity({ definition, owner: defaultOwner }),
          defaultOwner,
          logger,
        });
        catalog.addEntityProvider(provider);
        lifecycle.addShutdownHook(() => provider.stop());
        await events.subscribe({
          id: 'k8s-clusters',
          topics: [TOPIC],
          onEvent: async () => provider.requestSync(),
        });
        await scheduler.scheduleTask({
          ...FULL_SYNC,
          id: 'k8s-clusters',
          fn: async () => provider.requestSync(),
        });
      },
    });
  },
});
