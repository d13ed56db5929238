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
import { followTopic } from './followTopic';

/** Changed rows of a topic. @public */
export type StreamChanges = Extract<StreamEvent, { type: 'changes' }>;

/** What changed rows make of data: other data, or the need to read again. @public */
export type AppliedChanges<T> = { data: T; readAgain?: boolean };

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
 * Reads once, then follows the stream, also while it reads. After a reset the rows that come next are compared with what is
 * known, and only if they differ in a way that rows cannot mend is the list read again.
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
    return followTopic({
      ...{ api, queries },
      topic: JSON.parse(topicKey),
      latest: () => latest.current,
    });
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
