import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { KindTraits } from '@backstage-k8s/plugin-k8s-common';
import { useUrlState } from '@backstage-k8s/plugin-k8s-react';
import type { ResourcesQuery } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';

type ListedKind = Pick<KindTraits, 'group' | 'plural' | 'namespaced'>;

/** Where trouble can be, it comes first. */
function defaultSort(kind: ListedKind): string {
  if (!traitsOf(kind)?.isPlain) return 'health';
  return kind.namespaced ? 'namespace' : 'name';
}

/** Which objects of a kind the address asks for, and how it is made to ask for others. */
export function useListQuery(kind: ListedKind) {
  const [namespace, setNamespace] = useUrlState('namespace');
  const [search, setSearch] = useUrlState('search');
  const [labels, setLabels] = useUrlState('labels');
  const [sortText, setSort] = useUrlState('sort');
  const sort = sortText || defaultSort(kind);
  const inNamespace = kind.namespaced ? namespace : '';
  const query = useMemo(
    (): ResourcesQuery => ({
      ...(inNamespace && { namespace: inNamespace }),
      ...(search && { search }),
      ...(labels && { labelSelector: labels }),
      sort,
    }),
    [inNamespace, search, labels, sort],
  );
  return {
    ...{ query, namespace, search, labels, sort },
    ...{ setNamespace, setSearch, setLabels, setSort },
  };
}
