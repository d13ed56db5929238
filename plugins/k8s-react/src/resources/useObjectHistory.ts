import { useApi } from '@backstage/frontend-plugin-api';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import { queryKeys } from '../data/queryKeys';
import { unwrap } from '../data/unwrap';
import { groupSegment, resourcePath } from './ResourceRef';
import type { ResourceRef } from './ResourceRef';

const PAGE_ENTRIES = 50;
/** Milliseconds after a change: when it is usually recorded, and when it is for sure. */
const RECORDED_MS = [1_200, 4_000];

/** The changes of an object, whoever made them, newest first, page after page; read again when it changes. @public */
export function useObjectHistory(ref: ResourceRef) {
  const api = useApi(k8sApiRef);
  const queries = useQueryClient();
  const key = JSON.stringify([...queryKeys.resource(ref), 'history']);
  const { cluster, group, plural, namespace, name } = ref;
  useEffect(() => {
    let timers: ReturnType<typeof setTimeout>[] = [];
    const stop = api.subscribe(
      {
        ...{ topic: 'resources', cluster, plural, namespace, name },
        group: groupSegment(group),
      },
      event => {
        // After a reset the rows follow, as changes.
        if (event.type === 'reset') return;
        timers.forEach(clearTimeout);
        timers = RECORDED_MS.map(timeMs =>
          setTimeout(
            () => queries.invalidateQueries({ queryKey: JSON.parse(key) }),
            timeMs,
          ),
        );
      },
    );
    return () => {
      timers.forEach(clearTimeout);
      stop();
    };
  }, [api, queries, key, cluster, group, plural, namespace, name]);
  return useInfiniteQuery({
    queryKey: JSON.parse(key),
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      unwrap(
        await api.client.GET(
          '/clusters/{id}/resources/{group}/{plural}/{namespace}/{name}/history',
          {
            params: {
              path: resourcePath(ref),
              query: { limit: PAGE_ENTRIES, continue: pageParam },
            },
            signal,
          },
        ),
      ),
    getNextPageParam: page => page.continue,
  });
}
