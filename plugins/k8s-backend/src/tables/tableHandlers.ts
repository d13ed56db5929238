import type { Handlers } from '../router/Handlers';
import type { ResourceTables } from './ResourceTables';

/** The group that a path names: `core` is the core group. */
export function groupOf(path: { group: string }): string {
  return path.group === 'core' ? '' : path.group;
}

/** Answers the lists of any kind. */
export function tableHandlers(options: {
  tables: ResourceTables;
}): Pick<Handlers, 'listResources' | 'listResourcesOfClusters'> {
  const { tables } = options;
  return {
    listResources: ({ path, query: { version, ...wanted }, context }) =>
      tables.ofCluster(path.id, {
        type: { group: groupOf(path), plural: path.plural, version },
        wanted: { ...wanted, limit: wanted.limit ?? DEFAULT_LIMIT },
        context,
      }),
    listResourcesOfClusters: ({
      path,
      query: { cluster: selector, ...wanted },
      context,
    }) =>
      tables.ofClusters({
        selector,
        type: { group: groupOf(path), plural: path.plural },
        wanted: { ...wanted, limit: wanted.limit ?? DEFAULT_LIMIT },
        context,
      }),
  };
}

/** As the contract says; the router fills it in. */
const DEFAULT_LIMIT = 100;
