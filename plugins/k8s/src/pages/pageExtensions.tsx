import {
  PageBlueprint,
  PluginHeaderActionBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { K8sRoot } from '../routing/K8sRoot';
import { KubernetesIcon } from '../routing/KubernetesIcon';
import { rootRouteRef } from '../routing/routes';

const ROOT = '/k8s';
const CLUSTERS = 'clusters';

const loadClustersArea = () => import('./ClustersArea');
// Who follows a link to one of its pages waits for the portal to start and to sign in; what the page needs is read meanwhile. Where
// the portal has it at another address nothing is won.
if (window.location.pathname.includes(`${ROOT}/${CLUSTERS}`)) {
  loadClustersArea().catch(() => undefined);
}

const page = PageBlueprint.make({
  params: {
    path: ROOT,
    title: 'Kubernetes',
    icon: <KubernetesIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
  },
});

const clusters = SubPageBlueprint.make({
  name: 'clusters',
  params: {
    path: CLUSTERS,
    title: 'Clusters',
    loader: async () => {
      const { ClustersArea } = await loadClustersArea();
      return (
        <K8sRoot>
          <ClustersArea />
        </K8sRoot>
      );
    },
  },
});

const changes = SubPageBlueprint.make({
  name: 'changes',
  params: {
    path: 'changes',
    title: 'Changes',
    loader: async () => {
      const { ChangesPage } = await import('../audit/ChangesPage');
      return (
        <K8sRoot>
          <ChangesPage />
        </K8sRoot>
      );
    },
  },
});

// Without title and icon, so that it is no item of the navigation.
const register = PageBlueprint.make({
  name: 'register',
  params: {
    path: `${ROOT}/register`,
    loader: async () => {
      const { RegisterPage } = await import('../register/RegisterPage');
      return (
        <K8sRoot>
          <RegisterPage />
        </K8sRoot>
      );
    },
  },
});

// Neither a tab nor an item of the navigation: the box in the header leads there.
const search = PageBlueprint.make({
  name: 'search',
  params: {
    path: `${ROOT}/search`,
    loader: async () => {
      const { SearchPage } = await import('../search/SearchPage');
      return (
        <K8sRoot>
          <SearchPage />
        </K8sRoot>
      );
    },
  },
});

const searchBox = PluginHeaderActionBlueprint.make({
  name: 'search',
  params: {
    loader: async () => {
      const { SearchBox } = await import('../search/SearchBox');
      return (
        <K8sRoot>
          <SearchBox />
        </K8sRoot>
      );
    },
  },
});

// For administrators only: the settings of a cluster lead there.
const cache = PageBlueprint.make({
  name: 'cache',
  params: {
    path: `${ROOT}/cache`,
    loader: async () => {
      const { CachePage } = await import('../cache/CachePage');
      return (
        <K8sRoot>
          <CachePage />
        </K8sRoot>
      );
    },
  },
});

/** The pages below `/k8s`, and what their header has. */
export const pageExtensions = [
  page,
  clusters,
  changes,
  register,
  cache,
  search,
  searchBox,
];
