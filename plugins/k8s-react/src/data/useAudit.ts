import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import { readFirstPage } from './firstPage';
import { queryKeys } from './queryKeys';
import { readWhenRecorded } from './readWhenRecorded';
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
/** Milliseconds after which entries that were told of are read; those that come meanwhile are read with them. */
const READ_AFTER_MS = [1_000];

/**
 * Changes that were done, failed or refused, newest first, page after page; the first is read again when there are new ones or some
 * have ended.
 *
 * @public
 */
export function useAudit(filter: AuditFilter) {
  const api = useApi(k8sApiRef);
  const queries = useQueryClient();
  const key = JSON.stringify(queryKeys.audit(filter));
  const readPage = useCallback(
    async (token?: string, signal?: AbortSignal) => {
      const [, , query] = JSON.parse(key);
      return unwrap(
        await api.client.GET('/audit', {
          params: { query: { ...query, limit: PAGE_ROWS, continue: token } },
          signal,
        }),
      );
    },
    [api, key],
  );
  const { cluster } = filter;
  useEffect(() => {
    const queryKey = JSON.parse(key);
    const { onChange, stop } = readWhenRecorded(
      () => void readFirstPage(queries, { queryKey, read: () => readPage() }),
      READ_AFTER_MS,
    );
    // Which of them the filter shows is for the back end to say.
    const leave = api.subscribe({ topic: 'audit', cluster }, onChange);
    return () => {
      stop();
      leave();
    };
  }, [api, queries, readPage, key, cluster]);
  return useInfiniteQuery({
    queryKey: JSON.parse(key),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => readPage(pageParam, signal),
    getNextPageParam: page => page.continue,
  });
}
