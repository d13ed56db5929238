import { groupOfPath } from '../discovery/groupOfPath';
import type { Handlers } from '../router/Handlers';
import type { ResourceTables } from './ResourceTables';

/** As the contract says; the router fills it in. */
const DEFAULT_LIMIT = 100;

/** Answers the lists of any kind. */
export function tableHandlers(options: {
  tables: ResourceTables;
}): Pick<Handlers, 'listResources' | 'listResourcesOfClusters'> {
  const { tables } = options;
  return {
    listResources: ({ path, query: { version, ...wanted }, context }) =>
      tables.ofCluster(path.id, {
        type: { group: groupOfPath(path.group), plural: path.plural, version },
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
        type: { group: groupOfPath(path.group), plural: path.plural },
        wanted: { ...wanted, limit: wanted.limit ?? DEFAULT_LIMIT },
        context,
      }),
  };
}
