import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

/** Somebody who may own a cluster. */
export interface Owner {
  ref: string;
  kind: 'group' | 'user';
  name: string;
}

const SHOWN = 30;
const FRESH_MS = 60_000;

function ownerOf({ kind, metadata, spec }: Entity): Owner {
  const profile = spec?.profile as { displayName?: string } | undefined;
  return {
    ref: stringifyEntityRef({
      kind,
      namespace: metadata.namespace,
      name: metadata.name,
    }),
    kind: kind.toLowerCase() === 'group' ? 'group' : 'user',
    name: profile?.displayName ?? metadata.title ?? metadata.name,
  };
}

/** An owner of whom only the entity reference is known; undefined for the empty one. */
export function readOwner(ref: string): Owner | undefined {
  if (!ref) return undefined;
  const { kind, name } = parseEntityRef(ref);
  return { ref, kind: kind === 'group' ? 'group' : 'user', name };
}

/** Groups and users of the catalog whose name holds the words; groups first. */
export function useOwners(words: string) {
  const catalog = useApi(catalogApiRef);
  return useQuery({
    queryKey: ['k8s', 'owners', words],
    queryFn: async () => {
      const { items } = await catalog.queryEntities({
        filter: { kind: ['Group', 'User'] },
        fields: ['kind', 'metadata', 'spec.profile'],
        fullTextFilter: {
          term: words,
          fields: [
            'metadata.name',
            'metadata.title',
            'spec.profile.displayName',
          ],
        },
        orderFields: [
          { field: 'kind', order: 'asc' },
          { field: 'metadata.name', order: 'asc' },
        ],
        limit: SHOWN,
      });
      return items.map(ownerOf);
    },
    staleTime: FRESH_MS,
    placeholderData: keepPreviousData,
  });
}
