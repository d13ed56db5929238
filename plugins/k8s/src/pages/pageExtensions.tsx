import {
  PageBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { K8sRoot } from '../routing/K8sRoot';
import { KubernetesIcon } from '../routing/KubernetesIcon';
import { rootRouteRef } from '../routing/routes';

const page = PageBlueprint.make({
  params: {
    path: '/k8s',
    title: 'Kubernetes',
    icon: <KubernetesIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
  },
});

const clusters = SubPageBlueprint.make({
  name: 'clusters',
  params: {
    path: 'clusters',
    title: 'Clusters',
    loader: async () => {
      const { ClustersArea } = await import('./ClustersArea');
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
    path: '/k8s/register',
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

/** The pages below `/k8s`. */
export const pageExtensions = [page, clusters, changes, register];
