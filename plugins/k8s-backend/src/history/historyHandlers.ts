import { placeOfPath } from '../objects/ObjectPlace';
import type { Handlers } from '../router/Handlers';
import type { ObjectHistory } from './ObjectHistory';

/** Entries of a page. */
const DEFAULT_LIMIT = 50;

/** Answers what became of objects. */
export function historyHandlers(options: {
  history: ObjectHistory;
}): Pick<Handlers, 'listObjectHistory'> {
  return {
    listObjectHistory: ({ path, query, context }) =>
      options.history.list(placeOfPath(path), {
        ...{ context, continue: query.continue },
        limit: query.limit ?? DEFAULT_LIMIT,
      }),
  };
}
