import type { K8sLinks } from '../routing/K8sLinks';
import type { FoundObject, SearchAnswer, SearchGroup } from './useSearch';

/** What can be chosen below the box: an object, or all that was found. */
export interface SearchOption {
  /** Of its element. */
  id: string;
  to: string;
  group?: SearchGroup;
  item?: FoundObject;
}

/** The page of an object that was found. */
export function linkOfFound(
  links: K8sLinks,
  { group, plural }: SearchGroup,
  { cluster, namespace, name }: FoundObject,
): string {
  return links.object({ cluster, group, plural, namespace, name });
}

/** The objects in the order in which they are shown, and behind them the way to all. */
export function optionsOf(
  answer: SearchAnswer | undefined,
  { links, text }: { links: K8sLinks; text: string },
): SearchOption[] {
  if (!answer || answer.total === 0) return [];
  const found = answer.groups.flatMap(group =>
    group.items.map(item => ({
      id: `k8s-found-${group.plural}-${group.group}-${item.cluster}-${item.uid}`,
      to: linkOfFound(links, group, item),
      ...{ group, item },
    })),
  );
  return [...found, { id: 'k8s-found-all', to: links.search(text) }];
}
