import { placeOfPath } from '../objects/ObjectPlace';
import type { Handlers } from '../router/Handlers';
import type { RelatedObjects } from './RelatedObjects';

/** Answers what objects have to do with each other. */
export function relatedHandlers(options: {
  related: RelatedObjects;
}): Pick<Handlers, 'listRelated'> {
  const { related } = options;
  return {
    listRelated: ({ path, context }) =>
      related.graph(placeOfPath(path), context),
  };
}
