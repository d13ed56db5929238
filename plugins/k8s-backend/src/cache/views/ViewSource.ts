import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { CacheState } from '@backstage-k8s/plugin-k8s-node';
import type { Row } from '../Row';
import type { RowListener } from '../RowListener';

/** Where a view has the rows of one of its parts from: the cache of a kind. */
export interface ViewSource {
  /** All that there is has been read once. */
  readonly isSynced: boolean;
  state(): CacheState;
  /** The row of a name in a namespace, or all rows there, or of parents, or all; in no order. */
  rows(query: {
    namespace?: string;
    name?: string;
    ownerUids?: readonly string[];
  }): Iterable<Row>;
  /** The whole object of a row; it is shared, and nobody changes it. */
  objectOf(row: Row): KubernetesObject;
  /** Returns how to stop it. Closes the listener, at once or later, when it is not kept; it may be kept again for who listens then. */
  listen(listener: RowListener): () => void;
}
