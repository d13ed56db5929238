import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** How fresh what is shown is. @public */
export type CacheState = Schema<'CacheState'>;

/** What a subscription is told. @public */
export type StreamEvent =
  | {
      type: 'changes';
      upserted: unknown[];
      deleted: string[];
      /** Id of the cluster that `cache` speaks of, where the topic has several. */
      cluster?: string;
      cache?: CacheState;
    }
  /** The rows may be out of date: the next changes hold all of them, or the list is to be read again. */
  | { type: 'reset' }
  /** The connection was lost and is back: read again. */
  | { type: 'reconnected' };

/** Is told of the changes of one subscription. @public */
export type StreamObserver = (event: StreamEvent) => void;

/**
 * The state of a browser's one connection. `down` with when it was lost (milliseconds since 1970).
 *
 * @public
 */
export type StreamState =
  | { state: 'idle' | 'connecting' | 'live' }
  | { state: 'down'; since: number };
