import type { Handlers } from '../router/Handlers';
import type { ClusterViews } from './ClusterViews';

/** Answers the reads of what is in a cluster besides namespaces and deployments. */
export function viewHandlers(options: {
  views: ClusterViews;
}): Pick<Handlers, 'listNodes' | 'listEvents'> {
  const { views } = options;
  return {
    listNodes: ({ path, context }) => views.nodes(path.id, context),
    listEvents: ({ path, query, context }) =>
      views.events(path.id, query, context),
  };
}
