import {
  ApiBlueprint,
  createFrontendPlugin,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { DefaultK8sApi, k8sApiRef } from '@backstage-k8s/plugin-k8s-react';
import { entityExtensions } from './entity/entityExtensions';
import { pageExtensions } from './pages/pageExtensions';
import { KubernetesIcon } from './routing/KubernetesIcon';
import { rootRouteRef } from './routing/routes';
import { portalSearchExtensions } from './search/portalSearchExtensions';

const api = ApiBlueprint.make({
  params: define =>
    define({
      api: k8sApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: deps => new DefaultK8sApi(deps),
    }),
});

/** Clusters, workloads and their health in the portal. @public */
export const k8sPlugin = createFrontendPlugin({
  pluginId: 'k8s',
  title: 'Kubernetes',
  icon: <KubernetesIcon fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef },
  extensions: [
    api,
    ...pageExtensions,
    ...entityExtensions,
    ...portalSearchExtensions,
  ],
});
