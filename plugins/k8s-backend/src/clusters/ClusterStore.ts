/**
 * How we sign in to a cluster: the strategy and what it needs, by the names of its fields. Encrypted in the database, held in memory only
 * while it is used.
 */
export interface StoredAuthentication {
  /** Id of the strategy. */
  type: string;
  [field: string]: string;
}

/** Where a cluster's API server is and how it proves that it is the right one. */
export interface ClusterEndpoint {
  /** `https://host:port`, with a path where the server has one; no user, query or fragment. */
  server: string;
  /** PEM; absent: the system's certificate authorities. */
  caData?: string;
  tlsServerName?: string;
  skipTlsVerify: boolean;
}

/** A registered cluster, without its credential. */
export interface RegisteredCluster {
  /** Ours; never changes. */
  id: string;
  /** Unique, upper and lower case alike. */
  name: string;
  /** Name of its catalog entity; unique, stays on rename. */
  slug: string;
  labels: Record<string, string>;
  /** Entity reference in lower case. */
  owner?: string;
  protected: boolean;
  /** Whether requests are sent as their caller, so that the cluster's own rules decide too. */
  impersonates: boolean;
  endpoint: ClusterEndpoint;
  /** Id of the strategy that signs in. */
  credentialType: string;
  /** Who the API server says we are. */
  credentialUser?: string;
  /** RFC 3339; absent also for one that is renewed before it ends. */
  credentialExpiresAt?: string;
  /** UID of its kube-system namespace: which cluster it really is. */
  uid: string;
  /** Raised by one with each change of endpoint or credential; connections of an older one are closed. */
  generation: number;
  /** Raised by one with each change. */
  revision: number;
  /** RFC 3339. */
  createdAt: string;
  updatedAt: string;
}

/** A cluster that is not stored yet. */
export type NewCluster = Omit<
  RegisteredCluster,
  'generation' | 'revision' | 'createdAt' | 'updatedAt'
>;

/** Keeps the clusters. Changes are in `list` and `get` of this instance when they are answered, of others soon. */
export interface ClusterStore {
  list(): Promise<RegisteredCluster[]>;
  /** @throws NotFoundError */
  get(id: string): Promise<RegisteredCluster>;
  /** The cluster that the request with this marker registered, if it did. */
  findByMarker(marker: string): Promise<RegisteredCluster | undefined>;
  /**
   * @throws ConflictError when the name, slug, server or cluster UID is taken; ServiceUnavailableError when no key is
   * configured or the database does not answer
   */
  add(
    cluster: NewCluster,
    credential: StoredAuthentication,
    options: { marker?: string },
  ): Promise<RegisteredCluster>;
  /**
   * Without a credential the endpoint has to be the stored one: the credential is sealed for that endpoint only.
   *
   * @throws NotFoundError, ConflictError (also when `revision` is no longer the stored one), ServiceUnavailableError
   */
  update(
    cluster: RegisteredCluster,
    credential?: StoredAuthentication,
  ): Promise<RegisteredCluster>;
  /** Removes it and everything kept for it. @throws NotFoundError, ServiceUnavailableError */
  remove(id: string): Promise<void>;
}
