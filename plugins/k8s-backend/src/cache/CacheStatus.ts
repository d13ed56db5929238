import type { ClusterCalls } from '../connection/CallCounter';
import type { KeptOfKind } from './memory/KindKeeping';
import type { CacheMemory } from './memory/MemoryLedger';
import type { CacheState, ResourceKind } from '@backstage-k8s/plugin-k8s-node';

/** How the cache of one kind in one cluster is, for pages and metrics. */
export interface KindStatus extends ResourceKind, CacheState {
  objects: number;
  /** Bytes of the packed bodies of its objects. */
  packedBytes: number;
  /** Bytes that all of it takes, about. */
  memoryBytes: number;
  /** What of it is kept, as far as there is memory. */
  keeps: KeptOfKind;
  subscribers: number;
  /** ms since it was last known to be true; undefined: never. */
  lagMs?: number;
  /** Complete lists that were read, the first included. */
  lists: number;
  /** Of these, lists that were read because the cluster's versions had gone backwards. */
  resets: number;
  /** Failed attempts to list or watch. */
  errors: number;
  /** Lines or lists that were not what the protocol allows. */
  garbage: number;
  /** Changes that were taken in. */
  changes: number;
}

/** Tells how the cache is. */
export interface CacheStatus {
  /** All kinds that are cached at the moment. */
  kinds(): Promise<KindStatus[]>;
  /** Requests to API servers over connections that only the cache has. */
  calls(): Promise<ClusterCalls[]>;
  /** How much it holds of what it may hold. */
  memory(): Promise<CacheMemory>;
}
