import type { ResourceType, Schema } from '@backstage-k8s/plugin-k8s-common';
import { useApi } from '@backstage/frontend-plugin-api';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import type { K8sApi } from '../api/K8sApi';
import { K8sApiError } from '../data/K8sApiError';
import { queryKeys } from '../data/queryKeys';
import { unwrap } from '../data/unwrap';
import { useLiveQuery } from '../data/useLiveQuery';
import type { StreamChanges } from '../data/useLiveQuery';
import { groupSegment, kindPath } from './ResourceRef';
import { appendPage, mergeRows } from './ResourceRows';
import type { ResourceRows } from './ResourceRows';

/** Rows of a page; more than a screen has, so that scrolling does not wait. */
const PAGE_ROWS = 200;
/** The most that the API gives at once; for who jumps far down. */
const MOST_ROWS = 10_000;
/** Rows from the end of what was read at which the next page is read. */
const AHEAD_ROWS = 100;
/** Milliseconds between two reads of an uncertain total. */
const TOTAL_MS = 10_000;
const GONE = 410;

/** Which objects of a kind, in which order. @public */
export interface ResourcesQuery {
  namespace?: string;
  /** Kubernetes' syntax. */
  labelSelector?: string;
  /** Kubernetes' syntax, over `metadata.*` and the kind's columns. */
  fieldSelector?: string;
  /** Part of a name, an image or a cell. */
  search?: string;
  /** Id of a column, `name`, `namespace`, `age` or `health`; `-` before it sorts downwards. */
  sort?: string;
}

/** The objects of a kind, as far as they were read. @public */
export interface ResourcesResult {
  data?: ResourceRows;
  /** Why the list could not be read. */
  error: Error | null;
  /** Why its next page could not be read. */
  moreError?: Error;
  /** Whether what is shown is of the query before. */
  isPrevious: boolean;
  /** Reads on until this row; for a table that shows it. */
  reach: (index: number) => void;
  refetch: () => void;
}

async function readPage(
  api: K8sApi,
  options: {
    cluster: string;
    type: ResourceType;
    query: ResourcesQuery & { limit: number; continue?: string };
    signal?: AbortSignal;
  },
): Promise<ResourceRows> {
  const { cluster, type, query, signal } = options;
  const page: Schema<'ResourceTable'> = unwrap(
    await api.client.GET('/clusters/{id}/resources/{group}/{plural}', {
      params: { path: kindPath(cluster, type), query },
      signal,
    }),
  );
  return page;
}

/** Rows to read when `index` is to be among them and `known` are there. */
function limitFor(index: number, known: number): number {
  const wanted = index + AHEAD_ROWS - known;
  const pages = Math.ceil(wanted / PAGE_ROWS) * PAGE_ROWS;
  return Math.min(Math.max(pages, PAGE_ROWS), MOST_ROWS);
}

/**
 * The objects of a kind in a cluster: filtered, sorted and paged by the server, read on as the table is scrolled; live.
 *
 * @param query - has to be the same object as long as it says the same
 * @public
 */
export function useResources(
  cluster: string,
  type: ResourceType,
  query: ResourcesQuery,
): ResourcesResult {
  const api = useApi(k8sApiRef);
  const queries = useQueryClient();
  const { group, plural } = type;
  const queryKey = useMemo(
    () => queryKeys.resources(cluster, { group, plural }, query),
    [cluster, group, plural, query],
  );
  // The last row that the table shows.
  const sight = useRef(0);
  const isReading = useRef(false);
  const totalTimer = useRef<ReturnType<typeof setTimeout>>();
  // What was told while the next page was read, which may be older.
  const missed = useRef<StreamChanges[]>();
  const [moreError, setMoreError] = useState<Error>();

  useEffect(() => {
    sight.current = 0;
    missed.current = undefined;
    setMoreError(undefined);
    return () => {
      clearTimeout(totalTimer.current);
      totalTimer.current = undefined;
    };
  }, [queryKey]);

  const countLater = useCallback(() => {
    totalTimer.current ??= setTimeout(async () => {
      totalTimer.current = undefined;
      try {
        const { total, health } = await readPage(api, {
          cluster,
          type: { group, plural },
          query: { ...query, limit: 1 },
        });
        queries.setQueryData<ResourceRows>(
          queryKey,
          list => list && { ...list, total, health },
        );
      } catch {
        // It stays as it was; the next change asks again.
      }
    }, TOTAL_MS);
  }, [api, queries, queryKey, cluster, group, plural, query]);

  const live = useLiveQuery<ResourceRows>({
    queryKey,
    read: (_api, signal) =>
      readPage(api, {
        cluster,
        type: { group, plural },
        query: { ...query, limit: limitFor(sight.current, 0) },
        signal,
      }),
    topic: {
      topic: 'resources',
      cluster,
      group: groupSegment(group),
      plural,
      namespace: query.namespace,
      labelSelector: query.labelSelector,
    },
    apply: (list, changes) => {
      missed.current?.push(changes);
      const { data, isTotalUncertain } = mergeRows(list, changes, query);
      if (isTotalUncertain) countLater();
      // Which rows a field selector chooses only the API knows.
      const readAgain =
        query.fieldSelector !== undefined && changes.upserted.length > 0;
      return { data, readAgain };
    },
    onReset: 'read',
    structuralSharing: false,
    placeholder: (previous, key) =>
      // Of the same kind in the same cluster.
      JSON.stringify(key?.slice(0, -1)) ===
      JSON.stringify(queryKey.slice(0, -1))
        ? previous
        : undefined,
  });

  const readOn = useCallback(async () => {
    if (isReading.current) return;
    isReading.current = true;
    try {
      for (;;) {
        const list = queries.getQueryData<ResourceRows>(queryKey);
        if (!list?.continue) return;
        if (sight.current + AHEAD_ROWS < list.rows.length) return;
        const told: StreamChanges[] = [];
        missed.current = told;
        const page = await readPage(api, {
          cluster,
          type: { group, plural },
          query: {
            ...query,
            limit: limitFor(sight.current, list.rows.length),
            continue: list.continue,
          },
        });
        queries.setQueryData<ResourceRows>(queryKey, now =>
          // Meanwhile it may have been read anew from the start.
          now?.continue === list.continue
            ? told.reduce(
                (rows, changes) => mergeRows(rows, changes, query).data,
                appendPage(now!, page),
              )
            : now,
        );
        // Which of that the page has counted already nobody says.
        if (told.length > 0) countLater();
        setMoreError(undefined);
      }
    } catch (error) {
      if (error instanceof K8sApiError && error.status === GONE) {
        queries.invalidateQueries({ queryKey, exact: true });
      } else {
        setMoreError(error as Error);
      }
    } finally {
      isReading.current = false;
      missed.current = undefined;
    }
  }, [api, queries, queryKey, cluster, group, plural, query, countLater]);

  const reach = useCallback(
    (index: number) => {
      sight.current = index;
      readOn();
    },
    [readOn],
  );

  const { refetch } = live;
  return {
    data: live.data,
    error: live.error,
    moreError,
    isPrevious: live.isPlaceholderData,
    reach,
    refetch: useCallback(() => {
      setMoreError(undefined);
      refetch();
    }, [refetch]),
  };
}
