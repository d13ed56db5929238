/**
 * What the main thread and a cache worker say to each other. Everything is data; rows and their ends are transferred, not copied.
 *
 * Calls are answered by `result` or `failure` with the same id. Streams send `batch` after `batch`, each only when the one before
 * was acknowledged, so that a slow reader is felt where the changes are merged; they end with `end` or `failure`.
 *
 * A worker cannot make credentials, since modules live in the main thread: it asks there with `credential` and is answered by
 * `credential` or `credentialFailure` with the same id.
 */
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  ClusterCredential,
  ObjectReference,
  ResourceKind,
} from '@backstage-k8s/plugin-k8s-node';
import type { ClusterEndpoint } from '../../clusters/ClusterStore';
import type { NetworkSettings } from '../../connection/networkOf';
import type { DroppedChanges, ObjectChange } from '../../history/ObjectChange';
import type { CacheTimings } from '../CacheTimings';
import type { MemorySettings } from '../memory/MemoryCeiling';

/** What a worker is started with. */
export interface WorkerSettings {
  /** How API servers are reached. */
  network: NetworkSettings;
  timings?: Partial<CacheTimings>;
  /** How much all workers may hold; absent: there is no ceiling. */
  memory?: MemorySettings;
  /** Whether to tell what somebody changed in clusters. */
  tellsChanges?: boolean;
}

/** Where a cluster is. */
export interface ClusterAccess {
  cluster: string;
  generation: number;
  endpoint: ClusterEndpoint;
}

/** A worker's question for the credential of a cluster. */
export interface CredentialQuestion {
  cluster: string;
  generation: number;
  /** The one that the API server refused: another one is wanted. */
  refused?: ClusterCredential;
}

/** Questions that are answered once. */
export type CallMethod = 'get' | 'list' | 'table' | 'touch' | 'kinds' | 'calls';
/** Questions that are answered by a stream. */
export type StreamMethod = 'watch' | 'watchRows' | 'watchView';

/** To a worker. */
export type ToWorker =
  | {
      type: 'call';
      id: number;
      method: CallMethod;
      /** A reference, a kind or a query. */
      subject?: unknown;
      minimumVersion?: string;
    }
  | { type: 'open'; id: number; method: StreamMethod; subject: unknown }
  | { type: 'acknowledge' | 'abort'; id: number }
  | { type: 'put'; kind: ResourceKind; object: KubernetesObject }
  | { type: 'remove'; reference: ObjectReference; uid: string }
  | { type: 'cluster'; access: ClusterAccess }
  | { type: 'clusterRemoved'; cluster: string }
  | {
      type: 'credential';
      id: number;
      /** Absent: there is no other. */
      credential?: ClusterCredential;
    }
  | { type: 'credentialFailure'; id: number; error: PlainError };

/** An error as data. */
export interface PlainError {
  name: string;
  message: string;
  retryAfterSeconds?: number;
}

/** From a worker. */
export type FromWorker =
  | { type: 'result'; id: number; value: unknown }
  | { type: 'failure'; id: number; error: PlainError }
  | { type: 'batch'; id: number; changes: unknown[] }
  | { type: 'end'; id: number }
  | ({ type: 'credential'; id: number } & CredentialQuestion)
  | { type: 'suspect'; cluster: string }
  | {
      type: 'changes';
      changes: readonly ObjectChange[];
      dropped: readonly DroppedChanges[];
    }
  | { type: 'log'; message: string; details: Record<string, string> };
