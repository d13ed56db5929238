import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import { parseLabelSelector } from '../resources/LabelSelector';
import type { RegisteredReference, VisibleClusters } from './VisibleClusters';

/**
 * The clusters that a caller selects among those that the caller may see, by name.
 *
 * @param options - `selector`: over their labels, `name` and `id`; absent or empty: all
 * @throws InputError when the selector is none
 */
export async function selectClusters(
  clusters: VisibleClusters,
  options: { selector?: string; context: RequestContext },
): Promise<RegisteredReference[]> {
  const selects = parseLabelSelector(options.selector);
  return (await clusters.list(options.context))
    .filter(({ id, name, labels }) => selects({ ...labels, id, name }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
