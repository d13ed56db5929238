import { parseKindName } from '@backstage-k8s/plugin-k8s-common';
import type { Handlers } from '../router/Handlers';
import type { ObjectSearch } from './ObjectSearch';

/** As the contract says; the router fills it in. */
const DEFAULT_LIMIT = 10;

/** Answers the search over all clusters. */
export function searchHandlers(options: {
  search: ObjectSearch;
}): Pick<Handlers, 'searchObjects'> {
  const { search } = options;
  return {
    searchObjects: ({ query, context }) =>
      search.find({
        text: query.q,
        kinds: query.kinds?.split(',').map(parseKindName),
        selector: query.cluster,
        limit: query.limit ?? DEFAULT_LIMIT,
        context,
      }),
  };
}
