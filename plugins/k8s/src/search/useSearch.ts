import { kindName } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType, Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import { k8sApiRef, queryKeys, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useQuery } from '@tanstack/react-query';

/** What a search gave. */
export type SearchAnswer = Schema<'SearchAnswer'>;
/** One kind of it. */
export type SearchGroup = SearchAnswer['groups'][number];
/** One object. */
export type FoundObject = Schema<'FoundObject'>;

/** Characters that are worth looking for, as the API says. */
export const LEAST_TEXT = 2;
/** Characters that the API takes. */
export const MOST_TEXT = 100;
/** Milliseconds after which it is asked again while clusters are still being read. */
const AGAIN_MS = 1_500;
/** How often it is asked again; what takes longer is told of. */
const MOST_TRIES = 20;

/** What is looked for, and how much of it is wanted. */
export interface SearchQuery {
  text: string;
  /** Absent: all that are searched. */
  kind?: ResourceType;
  /** Cluster id; absent: all. */
  cluster?: string;
  /** Objects of each kind. */
  limit: number;
}

const isSyncing = (answer: SearchAnswer | undefined) =>
  answer?.clusters.some(({ cache }) => cache.state === 'syncing') ?? false;

/** Objects on all clusters; a search that is outdated is cancelled. What was found before stays until the next is there. */
export function useSearch({ text, kind, cluster, limit }: SearchQuery) {
  const { client } = useApi(k8sApiRef);
  const q = text.trim().slice(0, MOST_TEXT);
  const query = {
    q,
    limit,
    ...(kind && { kinds: kindName(kind) }),
    ...(cluster && { cluster: `id=${cluster}` }),
  };
  return useQuery({
    queryKey: queryKeys.search(query),
    enabled: q.length >= LEAST_TEXT,
    queryFn: async ({ signal }) =>
      unwrap(await client.GET('/search', { params: { query }, signal })),
    placeholderData: previous => previous,
    refetchInterval: ({ state }) =>
      isSyncing(state.data) && state.dataUpdateCount < MOST_TRIES
        ? AGAIN_MS
        : false,
  });
}
