import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { k8sApiRef } from '../api/K8sApi';
import { queryKeys } from './queryKeys';
import { unwrap } from './unwrap';

/** Which entries of the audit. @public */
export interface AuditFilter {
  actor?: string;
  action?: string;
  /** Cluster id. */
  cluster?: string;
  outcome?: Schema<'AuditOutcome'>;
  /** RFC 3339. */
  from?: string;
  /** RFC 3339. */
  to?: string;
  search?: string;
}

const PAGE_ROWS = 100;

/** Changes that were done, failed or refused, newest first, page after page. @public */
export function useAudit(filter: AuditFilter) {
  const { client } = useApi(k8sApiRef);
  return useInfiniteQuery({
    queryKey: queryKeys.audit(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      unwrap(
        await client.GET('/audit', {
          params: {
            query: { ...filter, limit: PAGE_ROWS, continue: pageParam },
          },
          signal,
        }),
      ),
    getNextPageParam: page => page.continue,
  });
}
