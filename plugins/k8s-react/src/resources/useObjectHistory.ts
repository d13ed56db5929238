import { useApi } from '@backstage/frontend-plugin-api';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import { readFirstPage } from '../data/firstPage';
import { queryKeys } from '../data/queryKeys';
import { readWhenRecorded } from '../data/readWhenRecorded';
import { unwrap } from '../data/unwrap';
import { groupSegment, resourcePath } from './ResourceRef';
import type { ResourceRef } from './ResourceRef';

const PAGE_ENTRIES = 50;

/** The changes of an object, whoever made them, newest first, page after page; the first is read again when it changes. @public */
export function useObjectHistory(ref: ResourceRef) {
  const api = useApi(k8sApiRef);
  const queries = useQueryClient();
  const key = JSON.stringify([...queryKeys.resource(ref), 'history']);
  const { cluster, group, plural, namespace, name } = ref;
  const readPage = useCallback(
    async (token?: string, signal?: AbortSignal) =>
      unwrap(
        await api.client.GET(
          '/clusters/{id}/resources/{group}/{plural}/{namespace}/{name}/history',
          {
            params: {
              path: resourcePath({ cluster, group, plural, namespace, name }),
              query: { limit: PAGE_ENTRIES, continue: token },
            },
            signal,
          },
        ),
      ),
    [api, cluster, group, plural, namespace, name],
  );
  useEffect(() => {
    const queryKey = JSON.parse(key);
    const readFirst = () =>
      readFirstPage(queries, { queryKey, read: () => readPage() });
    const { onChange, stop } = readWhenRecorded(readFirst);
    const leave = api.subscribe(
      {
        ...{ topic: 'resources', cluster, plural, namespace, name },
        group: groupSegment(group),
      },
      event => {
        // After a reset the rows follow, as changes.
        if (event.type !== 'reset') onChange();
      },
    );
    return () => {
      stop();
      leave();
    };
  }, [api, queries, readPage, key, cluster, group, plural, namespace, name]);
  return useInfiniteQuery({
    queryKey: JSON.parse(key),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => readPage(pageParam, signal),
    getNextPageParam: page => page.continue,
  });
}
