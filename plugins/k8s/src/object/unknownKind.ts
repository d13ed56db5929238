import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import type {
  ResourceDetail,
  ResourceRef,
} from '@backstage-k8s/plugin-k8s-react';

/** What can be said of a kind by one of its objects, where the cluster's kinds could not be read: nothing can be done with it. */
export function unknownKind(
  { group, plural, namespace }: ResourceRef,
  { object, columns }: ResourceDetail,
): Kind {
  const version = object.apiVersion?.split('/').at(-1) ?? 'v1';
  return {
    ...{ group, plural, version, versions: [version] },
    kind: object.kind ?? plural,
    namespaced: namespace !== undefined,
    category: 'custom',
    custom: false,
    ...{ verbs: [], shortNames: [], actions: [] },
    columns: [...columns],
  };
}
