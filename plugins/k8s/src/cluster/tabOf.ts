import { categoryOf, traitsOf } from '@backstage-k8s/plugin-k8s-common';
import { groupOfSegment } from '@backstage-k8s/plugin-k8s-react';
import { placeOf } from '../resources/kindPlaces';

/** The tab of a cluster that an address below it belongs to; an object's is that of its kind. */
export function tabOf(path: string): string {
  const [first, groupText = '', plural = '', namespace] = path.split('/');
  if (first === 'deployments') return 'workloads';
  if (first !== 'object') return first;
  const type = { group: groupOfSegment(groupText), plural };
  if (type.group === '' && plural === 'namespaces') return 'namespaces';
  const traits = traitsOf(type);
  const namespaced = traits?.namespaced ?? namespace !== '_';
  return (
    placeOf({
      ...type,
      category: categoryOf({ ...type, namespaced }),
      // What there is no line about came with a definition.
      custom: traits === undefined,
    }) ?? 'events'
  );
}
