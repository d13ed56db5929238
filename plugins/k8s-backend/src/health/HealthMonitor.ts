import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** Whom health is told. */
export interface HealthAudience {
  /** Whether nodes may be named, which is asked only where one would be; absent: none is. */
  mayNameNodes?: () => Promise<boolean>;
}

/** Knows how the clusters are. Health is kept in the database; every instance answers the same. */
export interface HealthMonitor {
  /** As last checked, with its history. */
  get(
    clusterId: string,
    audience?: HealthAudience,
  ): Promise<Schema<'ClusterHealth'>>;
  /** Checks now. */
  check(
    clusterId: string,
    options: HealthAudience & { signal?: AbortSignal },
  ): Promise<Schema<'ClusterHealth'>>;
  /** The last status of every cluster by id, without history; one query. */
  summaries(): Promise<Map<string, HealthSummary>>;
  /** Told after each check whose outcome differs from the one before; returns how to stop it. */
  onChange(listener: (clusterId: string) => void): () => void;
  /** Something went wrong with the cluster's connection: check soon. */
  suspect(clusterId: string): void;
}

/** The last status of a cluster. */
export interface HealthSummary {
  status: Schema<'HealthStatus'>;
  reason?: string;
  /** RFC 3339. */
  since?: string;
  /** RFC 3339; when the API server last answered. */
  lastSeen?: string;
  /** Of the API server, e.g. `v1.37.2`. */
  version?: string;
}
