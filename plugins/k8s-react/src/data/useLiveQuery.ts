import { useApi } from '@backstage/frontend-plugin-api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  QueryKey,
  UseQueryOptions,
  UseQueryResult,
} from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { k8sApiRef } from '../api/K8sApi';
import type { K8sApi, StreamTopic } from '../api/K8sApi';
import type { StreamEvent } from '../stream/StreamEvent';

/** Changed rows of a topic. @public */
export type StreamChanges = Extract<StreamEvent, { type: 'changes' }>;

/** What changed rows make of data: other data, or the need to read again. @public */
export type AppliedChanges<T> = { data: T; readAgain?: boolean };

/** Milliseconds after a reset in which its rows are waited for. */
const ROWS_AFTER_RESET_MS = 3_000;
/** Milliseconds between two reads that changes ask for. */
const READ_AGAIN_MS = 1_500;

/** A read that is kept current by the stream. @public */
export interface LiveQueryOptions<T> {
  queryKey: QueryKey;
  read: (api: K8sApi, signal: AbortSignal) => Promise<T>;
  /** Undefined: nothing tells of changes. */
  topic?: StreamTopic;
  /** `first`: the changes hold all rows, since they follow a reset. */
  apply: (
    data: T,
    changes: StreamChanges,
    options: { first: boolean },
  ) => AppliedChanges<T>;
  enabled?: boolean;
  /**
   * What a reset means: all rows follow (`rows`, the default), read again (`read`), or nothing, where what is told only
   * hints at other data.
   */
  onReset?: 'rows' | 'read' | 'nothing';
  /** False: the data is too large to be compared part by part. */
  structuralSharing?: boolean;
  /** What is shown until the read has answered, e.g. what was read for the search before. */
  placeholder?: (
    previous: T | undefined,
    previousKey: QueryKey | undefined,
  ) => T | undefined;
}

/**
 * Reads once, then follows the stream. After a reset the rows that come next are compared with what is known, and only if
 * they differ in a way that rows cannot mend is the list read again.
 *
 * @public
 */
export function useLiveQuery<T>(
  options: LiveQueryOptions<T>,
): UseQueryResult<T, Error> {
  const { queryKey, topic, enabled = true, placeholder } = options;
  const api = useApi(k8sApiRef);
  const queries = useQueryClient();
  const latest = useRef(options);
  latest.current = options;
  const topicKey = JSON.stringify(topic);

  useEffect(() => {
    if (!topicKey || !enabled) return undefined;
    let rowsTimer: ReturnType<typeof setTimeout> | undefined;
    let readTimer: ReturnType<typeof setTimeout> | undefined;
    let lastReadAt = 0;
    let first = false;
    const readAgain = () => {
      if (readTimer) return;
      const wait = Math.max(0, lastReadAt + READ_AGAIN_MS - Date.now());
      readTimer = setTimeout(() => {
        readTimer = undefined;
        lastReadAt = Date.now();
        queries.invalidateQueries({
          queryKey: latest.current.queryKey,
          exact: true,
        });
      }, wait);
    };
    const stop = api.subscribe(JSON.parse(topicKey), event => {
      const { onReset = 'rows' } = latest.current;
      if (
        event.type === 'reconnected' ||
        (event.type === 'reset' && onReset === 'read')
      ) {
        readAgain();
        return;
      }
      if (event.type === 'reset' && onReset === 'nothing') return;
      if (event.type === 'reset') {
        first = true;
        clearTimeout(rowsTimer);
        rowsTimer = setTimeout(readAgain, ROWS_AFTER_RESET_MS);
        return;
      }
      clearTimeout(rowsTimer);
      const known = queries.getQueryData<T>(latest.current.queryKey);
      if (known === undefined) return;
      const applied = latest.current.apply(known, event, { first });
      first = false;
      queries.setQueryData(latest.current.queryKey, applied.data);
      if (applied.readAgain) readAgain();
    });
    return () => {
      clearTimeout(rowsTimer);
      clearTimeout(readTimer);
      stop();
    };
  }, [api, queries, topicKey, enabled]);

  const placeholderData = useMemo(
    () =>
      placeholder &&
      // The library cannot tell that T is no function.
      (((previous: T | undefined, query?: { queryKey: QueryKey }) =>
        placeholder(previous, query?.queryKey)) as UseQueryOptions<
        T,
        Error
      >['placeholderData']),
    [placeholder],
  );
  return useQuery<T, Error>({
    queryKey,
    queryFn: ({ signal }) => latest.current.read(api, signal),
    enabled,
    structuralSharing: options.structuralSharing,
    placeholderData,
  });
}
