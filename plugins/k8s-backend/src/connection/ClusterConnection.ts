/** One request to an API server. */
export interface KubeRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path on the API server, its segments already encoded. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** Default `application/json`; patches and applies have their own. */
  contentType?: string;
  signal?: AbortSignal;
  /** Until the answer's headers are there; default 10,000. */
  timeoutMs?: number;
}

/** An answer of an API server that was a success. */
export interface KubeResponse {
  status: number;
  headers: Record<string, string>;
  /** The whole body as JSON; refused above 64 MiB. */
  json<T>(): Promise<T>;
  /** The whole body as text, at most 1 MiB. */
  text(): Promise<string>;
  /** The body as it arrives; ends with an error when nothing arrives for `idleTimeoutMs`. */
  body(options?: { idleTimeoutMs?: number }): AsyncIterable<Uint8Array>;
}

/** URL, TLS and credential of one registered cluster. */
export interface ClusterConnection {
  /** Cluster id. */
  readonly cluster: string;
  /** The cluster's generation that this connection belongs to. */
  readonly generation: number;
  /**
   * @throws the error of `errors/clusterErrors` that fits the answer; ServiceUnavailableError at once while the circuit is open
   */
  request(request: KubeRequest): Promise<KubeResponse>;
  /** What this connection has seen of the cluster lately. */
  state(): {
    /** closed: works; open: failed lately, requests are refused until a probe succeeds. */
    circuit: 'closed' | 'open';
    /** RFC 3339; when the cluster last answered. */
    lastSeen?: string;
    error?: string;
  };
}

/** The connections to all registered clusters. */
export interface ClusterConnections {
  /** @throws NotFoundError; ServiceUnavailableError when its credential cannot be decrypted */
  get(clusterId: string): Promise<ClusterConnection>;
  /** Told when a cluster was added, changed (new generation) or removed, on any instance; returns how to stop it. */
  onChange(
    listener: (change: {
      cluster: string;
      action: 'upserted' | 'removed';
    }) => void,
  ): () => void;
}
