/**
 * The one interface through which logs are read. Audit and permission are wrappers of it, at the bottom is the API server, as for
 * resources.
 */
import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { RequestContext } from '@backstage-k8s/plugin-k8s-node';
import type { RightLoss } from '../access/watchRight';
import type { LifetimeEnd } from '../streams/lifetimeOf';

/** Pods of one namespace, by their names or by a label selector, and which lines of theirs. */
export interface LogsQuery extends Omit<Schema<'LogRequest'>, 'follow'> {
  /** Cluster id. */
  cluster: string;
  /** Go on with what is written from now on. */
  follow?: boolean;
  /** Of one container; what is longer ends. Default: that of a stream. */
  maxBytes?: number;
  /** Lines come as `text` where all of them are wanted, which costs much less; for files. */
  asText?: boolean;
}

/** A line, as it may be shown. */
export type LogLine = Schema<'LogLine'>;

/** A container of a pod. */
export interface PodContainer {
  pod: string;
  container: string;
}

/** Why there is no more. */
export type LogEnd =
  | 'ended'
  | 'failed'
  | 'clusterAway'
  | 'limit'
  | RightLoss
  | LifetimeEnd;

/** What happens while logs are read, as the contract describes the events of a stream. */
export type LogEvent =
  | {
      type: 'pods';
      pods: PodContainer[];
      /** Pods that are not read because there are too many. */
      omitted: number;
    }
  | ({ type: 'lines'; lines: LogLine[] } & PodContainer)
  /** Lines with their times and ends, or a part of a long one, in UTF-8, as they may be kept. Only where they were asked for `asText`. */
  | ({ type: 'text'; bytes: Uint8Array } & PodContainer)
  | ({ type: 'end'; reason: LogEnd; message?: string } & Partial<PodContainer>);

/** Reads logs. */
export interface PodLogs {
  /**
   * Begins to read; resolves when the API server has begun to answer. The events end after an `end` without a pod, or when
   * `context.signal` is aborted, then without one.
   *
   * @throws NotFoundError when the cluster or all of the pods do not exist or may not be seen; NotAllowedError; InputError when a
   * container has not started or does not exist; TooManyRequestsError
   */
  open(
    query: LogsQuery,
    options: { context: RequestContext },
  ): Promise<AsyncIterable<LogEvent>>;
}
