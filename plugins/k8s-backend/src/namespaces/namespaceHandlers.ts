import type { Handlers } from '../router/Handlers';
import type { NamespaceService } from './NamespaceService';

/** Answers the operations on namespaces. */
export function namespaceHandlers(options: {
  namespaces: NamespaceService;
}): Pick<
  Handlers,
  | 'listNamespaces'
  | 'createNamespace'
  | 'updateNamespaceLabels'
  | 'deleteNamespace'
> {
  const { namespaces } = options;
  return {
    listNamespaces: ({ path, context }) => namespaces.list(path.id, context),
    createNamespace: ({ path, query, body, context }) =>
      namespaces.create(
        { cluster: path.id, name: body.name },
        body.labels ?? {},
        { context, dryRun: query.dryRun === true },
      ),
    updateNamespaceLabels: ({ path, query, body, context }) =>
      namespaces.replaceLabels(
        { cluster: path.id, name: path.name },
        body.labels,
        { context, dryRun: query.dryRun === true },
      ),
    deleteNamespace: ({ path, context }) =>
      namespaces.delete({ cluster: path.id, name: path.name }, context),
  };
}
