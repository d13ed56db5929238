import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  ResourceChange,
  ResourceQuery,
  RowChange,
  RowQuery,
} from '@backstage-k8s/plugin-k8s-node';
import { matcherOf } from '../resources/matcherOf';
import { ChangeFeed } from './ChangeFeed';
import type { KindFollowers } from './KindFollowers';
import type { Row } from './Row';
import { RowFeed } from './RowFeed';
import type { RowStore } from './RowStore';
import { rowMatcherOf } from './selectRows';
import type { ViewSource } from './views/ViewSource';

/** A kind, for those who follow it. */
export interface FollowedKind {
  followers: KindFollowers;
  state(): CacheState;
  store(): RowStore;
  isSynced(): boolean;
  /** Why its rows cannot be told; undefined: nothing is in the way. */
  rowsProblem(): Error | undefined;
  /** The same of whole objects, which are read again for that if they are not kept. */
  objectsProblem(): Error | undefined;
  /** @throws when it was let go of meanwhile */
  objectOf(row: Row): KubernetesObject;
}

/** The ways to follow one kind in one cluster. */
export class KindFollowing {
  readonly #kind: FollowedKind;

  constructor(kind: FollowedKind) {
    this.#kind = kind;
  }

  /** The changes of a query, from a `RESET` on, until the signal is aborted. */
  watch(
    query: ResourceQuery,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<ResourceChange> {
    const kind = this.#kind;
    const feed = new ChangeFeed({
      source: {
        state: () => kind.state(),
        snapshot: () =>
          this.#isWhole ? kind.store().select(query) : undefined,
        objectOf: row => kind.objectOf(row),
      },
      matches: matcherOf(query),
    });
    const problem = () => kind.objectsProblem();
    return kind.followers.changes(feed, { signal, problem });
  }

  /** What happens to the rows of a query, until the signal is aborted. @throws InputError */
  watchRows(
    query: RowQuery,
    { signal }: { signal: AbortSignal },
  ): AsyncGenerator<RowChange> {
    const kind = this.#kind;
    const feed = new RowFeed({
      cluster: query.cluster,
      state: () => kind.state(),
      matches: rowMatcherOf({ ...query, limit: 0 }),
    });
    const problem = () => kind.rowsProblem();
    return kind.followers.rowChanges(feed, { signal, problem });
  }

  /** For a view, which needs whole objects. */
  viewSource(): ViewSource {
    const kind = this.#kind;
    const isWhole = () => this.#isWhole;
    return {
      get isSynced() {
        return isWhole();
      },
      state: () => {
        const lacksObjects = kind.isSynced() && !isWhole();
        return lacksObjects ? { state: 'syncing' } : kind.state();
      },
      rows: query => kind.store().select(query),
      objectOf: row => kind.objectOf(row),
      listen: listener => {
        const stop = kind.followers.listen(listener);
        const problem = kind.objectsProblem();
        if (problem) listener.close(problem);
        return stop;
      },
    };
  }

  /** Synchronised, with the object of each row. */
  get #isWhole(): boolean {
    return this.#kind.isSynced() && this.#kind.store().isWhole;
  }
}
