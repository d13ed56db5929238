import type { WebSocket } from 'ws';
import type { KubeIdentity } from './KubeIdentity';

/**
 * What a connection is used for. `requests`: what is answered at once; `watches`: what the cache watches, one a kind; `lasting`:
 * answers that go on for long because somebody looks at them.
 */
export type ConnectionUse = 'requests' | 'watches' | 'lasting';

/** One request to an API server. */
export interface KubeRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path on the API server, its segments already encoded. */
  path: string;
  /** A list is written as one parameter per value. */
  query?: Record<
    string,
    string | number | boolean | readonly string[] | undefined
  >;
  /** Sent as JSON. */
  body?: unknown;
  /** Default `application/json`; patches and applies have their own. */
  contentType?: string;
  /** Default `application/json`, e.g. to ask for a Table. */
  accept?: string;
  signal?: AbortSignal;
  /** Until the answer's headers are there; default 10,000. */
  timeoutMs?: number;
  /** Statuses that are answers and not errors, e.g. 500 of `/readyz`. */
  answers?: readonly number[];
  /** Absent: the portal itself. */
  as?: KubeIdentity;
  /** Tried even while the circuit is open, and its success closes it; for health checks only. */
  probe?: boolean;
  /** Default `requests`. */
  use?: ConnectionUse;
}

/** One WebSocket to an API server. */
export interface KubeSocketRequest
  extends Pick<KubeRequest, 'path' | 'query' | 'signal' | 'timeoutMs' | 'as'> {
  /** Subprotocols, the best first; the server has to take one of them. */
  protocols: readonly string[];
}

/** An answer of an API server that was a success. One of `json`, `text` and `body` has to be used, once. */
export interface KubeResponse {
  status: number;
  headers: Record<string, string>;
  /** The whole body as JSON; refused above 64 MiB. */
  json<T>(): Promise<T>;
  /** The whole body as text, at most 1 MiB. */
  text(): Promise<string>;
  /** The body as it arrives; ends with an error when nothing arrives for `idleTimeoutMs` (default 10,000). */
  body(options?: { idleTimeoutMs?: number }): AsyncIterable<Uint8Array>;
}

/** What a connection has seen of its cluster lately. */
export interface ConnectionState {
  /** closed: works; open: failed lately, requests are refused until a probe succeeds. */
  circuit: 'closed' | 'open';
  /** RFC 3339; when the cluster last answered. */
  lastSeen?: string;
  /** Of the last failure, when it was later than `lastSeen`. */
  error?: string;
  /** RFC 3339; of the certificate that the API server showed last. */
  serverCertificateExpiresAt?: string;
  /** Why our credential could not be renewed; absent: nothing is wrong with it. */
  credentialProblem?: string;
}

/** URL, TLS and credential of one registered cluster. */
export interface ClusterConnection {
  /** Cluster id. */
  readonly cluster: string;
  /** The cluster's generation that this connection belongs to. */
  readonly generation: number;
  /**
   * @throws the error of `errors/clusterErrors` that fits the answer (`clusterFailureOf` tells more);
   * ServiceUnavailableError at once while the circuit is open
   */
  request(request: KubeRequest): Promise<KubeResponse>;
  /**
   * A WebSocket that is open; `signal` and `timeoutMs` are of no interest from then on.
   *
   * @throws like `request`
   */
  socket(request: KubeSocketRequest): Promise<WebSocket>;
  state(): ConnectionState;
}

/** A cluster was added or changed, or removed. */
export interface ClusterChange {
  cluster: string;
  action: 'upserted' | 'removed';
}

/** The connections to all registered clusters. */
export interface ClusterConnections {
  /** @throws NotFoundError; ServiceUnavailableError when its credential cannot be decrypted */
  get(clusterId: string): Promise<ClusterConnection>;
  /**
   * Told when a cluster was added, changed or removed, on any instance; a connection that was got before may be closed by
   * then (its `generation` tells). Returns how to stop it.
   */
  onChange(listener: (change: ClusterChange) => void): () => void;
  /** Told when a cluster stops answering or answers again; returns how to stop it. */
  onCircuit(listener: (clusterId: string) => void): () => void;
}
