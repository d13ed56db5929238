import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  RequestContext,
  ViewRow,
} from '@backstage-k8s/plugin-k8s-node';

/** What a browser wants to be told of. */
export type Subscription = Schema<'Subscription'>;

/**
 * What a subscription is told. `changes`: rows that are new or differ, as objects or (`rows`) written already, and keys of rows that
 * are gone (see `rowKey`).
 * `reset`: forget the rows; the next `changes` holds all of them.
 */
export type TopicEvent =
  | {
      type: 'changes';
      upserted?: readonly object[];
      rows?: readonly ViewRow[];
      deleted: readonly string[];
      /** Id of the cluster that `cache` speaks of. */
      cluster?: string;
      cache?: CacheState;
    }
  | { type: 'reset' };

/** Something that changes are heard from. */
export interface TopicSource {
  /**
   * Starts with `reset` and all rows; ends when `context.signal` is aborted.
   *
   * @throws NotFoundError when what it is about does not exist or may not be seen, InputError when the subscription lacks
   * what its topic needs
   */
  open(
    subscription: Subscription,
    context: RequestContext,
  ): AsyncIterable<TopicEvent>;
}
