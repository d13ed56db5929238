import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery } from '@tanstack/react-query';
import { k8sApiRef } from '../api/K8sApi';
import { queryKeys } from './queryKeys';
import { unwrap } from './unwrap';

/** Milliseconds between two looks, while the page is visible. */
const LOOK_MS = 3_000;

/** How the caches of the clusters are that one administers; read again every few seconds while it is looked at. @public */
export function useCacheStatus() {
  const { client } = useApi(k8sApiRef);
  return useQuery({
    queryKey: queryKeys.cache,
    queryFn: async ({ signal }) =>
      unwrap(await client.GET('/cache', { signal })),
    refetchInterval: LOOK_MS,
    refetchIntervalInBackground: false,
  });
}
