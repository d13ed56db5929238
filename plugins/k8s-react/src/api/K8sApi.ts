import type { K8sClient, Schema } from '@backstage-k8s/plugin-k8s-common';
import { createApiRef } from '@backstage/frontend-plugin-api';
import type { StreamObserver, StreamState } from '../stream/StreamEvent';

/** What one may be told of: a topic with what it needs. @public */
export type StreamTopic = Omit<Schema<'Subscription'>, 'id'>;

/** A question about one's rights. @public */
export type AccessReview = Schema<'AccessReview'>;

/** The answer to an {@link AccessReview}. @public */
export interface AccessDecision {
  allowed: boolean;
  /** The least role that would be allowed. */
  role?: string;
  /** Why not, for people. */
  reason?: string;
}

/**
 * The back end of the suite, as the portal's user.
 *
 * @public
 */
export interface K8sApi {
  /** The REST API, typed; sends the user's token. */
  readonly client: K8sClient;
  /**
   * Tells of changes until the returned function is called. All subscriptions of a browser share one connection; equal
   * ones are asked for once.
   */
  subscribe(topic: StreamTopic, observer: StreamObserver): () => void;
  /** The state of that connection, for `useSyncExternalStore`. */
  readonly streamState: {
    get(): StreamState;
    subscribe(listener: () => void): () => void;
  };
  /** Reviews of one tick go in one request. */
  reviewAccess(review: AccessReview): Promise<AccessDecision>;
}

/** The back end of the suite. @public */
export const k8sApiRef = createApiRef<K8sApi>({ id: 'plugin.k8s.api' });
