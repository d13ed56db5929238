import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import type { LiveRow } from './LiveTopics';
import type { WatchSource } from './watchTogether';

/** The rows of one topic in one cluster, made from what its watches tell. */
export interface LiveRows {
  readonly sources: readonly WatchSource[];
  /**
   * Rows that may differ since the last call by their key, undefined for those that are gone; `all`: those that did not change
   * too.
   */
  take(options: {
    all: boolean;
    cache: CacheState;
  }): Promise<ReadonlyMap<string, LiveRow | undefined>>;
}
