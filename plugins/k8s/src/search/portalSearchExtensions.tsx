import {
  SearchFilterResultTypeBlueprint,
  SearchResultListItemBlueprint,
} from '@backstage/plugin-search-react/alpha';
import { KubernetesIcon } from '../routing/KubernetesIcon';

/** The type of our documents in the index of the portal's own search. */
const TYPE = 'k8s';

const item = SearchResultListItemBlueprint.make({
  params: {
    icon: <KubernetesIcon />,
    predicate: ({ type }) => type === TYPE,
    component: async () => {
      const { PortalSearchItem } = await import('./PortalSearchItem');
      return PortalSearchItem;
    },
  },
});

const filter = SearchFilterResultTypeBlueprint.make({
  params: { value: TYPE, name: 'Kubernetes', icon: <KubernetesIcon /> },
});

/** How the portal's own search shows objects of clusters. */
export const portalSearchExtensions = [item, filter];
