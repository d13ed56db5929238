import type { Handlers } from '../router/Handlers';
import type { ClusterViews } from './ClusterViews';

/** Answers the reads of what pages show beside objects. */
export function viewHandlers(options: {
  views: ClusterViews;
}): Pick<Handlers, 'getView'> {
  const { views } = options;
  return {
    getView: ({ path, query, context }) =>
      views.read(path.view, { cluster: path.id, selection: query, context }),
  };
}
