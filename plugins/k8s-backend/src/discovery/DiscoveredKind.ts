/** A kind as the API server tells of it. */
export interface DiscoveredKind {
  /** Empty: the core group. */
  group: string;
  plural: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
  shortNames: string[];
  /** In the order that the cluster prefers. */
  versions: string[];
}

/** What discovery found. */
export interface Discovery {
  /** Only those that can be listed. */
  kinds: DiscoveredKind[];
  /** API groups that did not answer. */
  failedGroups: string[];
}

/** A version of an API group with the kinds in it. */
export interface GroupVersion {
  group: string;
  version: string;
  kinds: Omit<DiscoveredKind, 'group' | 'versions'>[];
}
