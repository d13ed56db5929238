import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  RequestContext,
  ViewRow,
} from '@backstage-k8s/plugin-k8s-node';

/** Topics whose rows come from what is in clusters. */
export const RESOURCE_TOPICS = [
  'deployments',
  'events',
  'namespaces',
  'nodes',
  'service',
] as const;

/** One of {@link RESOURCE_TOPICS}. */
export type ResourceTopic = (typeof RESOURCE_TOPICS)[number];

/** What a browser wants to be told of. */
export type ResourceSubscription = Schema<'Subscription'> & {
  topic: ResourceTopic;
};

/**
 * What a subscription is told.
 *
 * `changes`: rows that are new or differ, in the shape of their list and written already, and keys of rows that are gone. The key of
 * a namespace or node is its name, of an event its id, of a deployment `namespace/name`, of a service's deployment
 * `cluster/namespace/name` (cluster id). `cluster` (id) says which cluster `cache` speaks of; with no rows it only tells that
 * freshness changed.
 * `reset`: forget the rows; the next `changes` holds all of them (or the list is read again).
 */
export type LiveEvent = LiveChanges | { type: 'reset' };

/** See {@link LiveEvent}. */
export interface LiveChanges {
  type: 'changes';
  rows: readonly ViewRow[];
  deleted: readonly string[];
  cluster: string;
  cache: CacheState;
}

/** Turns what happens in clusters into changed rows. */
export interface LiveTopics {
  /**
   * Starts with `reset` and all rows; later changes are coalesced. Ends when `context.signal` is aborted. What the caller
   * may not see is left out; a lost right shows as deleted rows where the client below notices it, else the transport
   * opens the subscription again.
   *
   * @throws InputError when the subscription lacks what its topic needs, NotFoundError when its cluster or entity does not
   * exist or may not be seen
   */
  open(
    subscription: ResourceSubscription,
    context: RequestContext,
  ): AsyncIterable<LiveEvent>;
}

/** Whether a subscription is of a topic that LiveTopics knows. */
export function isResourceSubscription(
  subscription: Schema<'Subscription'>,
): subscription is ResourceSubscription {
  return RESOURCE_TOPICS.some(topic => topic === subscription.topic);
}
