/**
 * The same pages, tabs and cards for portals on the old front-end system.
 *
 * @packageDocumentation
 */
import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  createRouteRef,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { DefaultK8sApi, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';

export { isClusterEntity, isServiceEntity } from './entity/entityFilters';

/** Where the pages are mounted. @public */
export const legacyRootRouteRef = createRouteRef({ id: 'k8s' });

/** The plugin for the old front-end system. @public */
export const k8sPlugin = createPlugin({
  id: 'k8s',
  routes: { root: legacyRootRouteRef },
  apis: [
    createApiFactory({
      api: k8sApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new DefaultK8sApi(deps),
    }),
  ],
});

/** All pages; for `<Route path="/k8s" element={<K8sPage />} />`. @public */
export const K8sPage = k8sPlugin.provide(
  createRoutableExtension({
    name: 'K8sPage',
    mountPoint: legacyRootRouteRef,
    component: () => import('./legacy/LegacyPages').then(m => m.LegacyPages),
  }),
);

/** A service's deployments; for an entity's tab, where {@link isServiceEntity}. @public */
export const EntityK8sServiceContent = k8sPlugin.provide(
  createComponentExtension({
    name: 'EntityK8sServiceContent',
    component: {
      lazy: () => import('./legacy/legacyEntity').then(m => m.LegacyServiceTab),
    },
  }),
);

/** How a service does, in short; for an entity's overview, where {@link isServiceEntity}. @public */
export const EntityK8sServiceCard = k8sPlugin.provide(
  createComponentExtension({
    name: 'EntityK8sServiceCard',
    component: {
      lazy: () =>
        import('./legacy/legacyEntity').then(m => m.LegacyServiceCard),
    },
  }),
);

/** A cluster's overview; for an entity's tab, where {@link isClusterEntity}. @public */
export const EntityK8sClusterContent = k8sPlugin.provide(
  createComponentExtension({
    name: 'EntityK8sClusterContent',
    component: {
      lazy: () => import('./legacy/legacyEntity').then(m => m.LegacyClusterTab),
    },
  }),
);

/** How a cluster is, in short; for an entity's overview, where {@link isClusterEntity}. @public */
export const EntityK8sClusterCard = k8sPlugin.provide(
  createComponentExtension({
    name: 'EntityK8sClusterCard',
    component: {
      lazy: () =>
        import('./legacy/legacyEntity').then(m => m.LegacyClusterCard),
    },
  }),
);
