import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { K8sRoot } from '../routing/K8sRoot';
import { isClusterEntity, isServiceEntity } from './entityFilters';

const serviceTab = EntityContentBlueprint.make({
  name: 'service',
  params: {
    path: '/kubernetes',
    title: 'Kubernetes',
    group: 'deployment',
    filter: isServiceEntity,
    loader: async () => {
      const { ServiceTab } = await import('./ServiceTab');
      return (
        <K8sRoot>
          <ServiceTab />
        </K8sRoot>
      );
    },
  },
});

const clusterTab = EntityContentBlueprint.make({
  name: 'cluster',
  params: {
    path: '/cluster',
    title: 'Kubernetes',
    group: 'operation',
    filter: isClusterEntity,
    loader: async () => {
      const { ClusterTab } = await import('./ClusterTab');
      return (
        <K8sRoot>
          <ClusterTab />
        </K8sRoot>
      );
    },
  },
});

const serviceCard = EntityCardBlueprint.make({
  name: 'service',
  params: {
    type: 'content',
    filter: isServiceEntity,
    loader: async () => {
      const { ServiceCard } = await import('./ServiceCard');
      return (
        <K8sRoot>
          <ServiceCard />
        </K8sRoot>
      );
    },
  },
});

const clusterCard = EntityCardBlueprint.make({
  name: 'cluster',
  params: {
    type: 'content',
    filter: isClusterEntity,
    loader: async () => {
      const { ClusterCard } = await import('./ClusterCard');
      return (
        <K8sRoot>
          <ClusterCard />
        </K8sRoot>
      );
    },
  },
});

/** What the suite puts on the pages of catalog entities. */
export const entityExtensions = [
  serviceTab,
  clusterTab,
  serviceCard,
  clusterCard,
];
