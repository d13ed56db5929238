import type { EventObject } from '../workloads/WorkloadObjects';

/** Which remembered events. */
export interface EventQuery {
  /** Cluster id. */
  cluster: string;
  /** Absent: all namespaces. */
  namespace?: string;
  /** What they are about; absent: anything. */
  involved?: { kind: string; name: string };
  /** Milliseconds since 1970; last seen then or later. */
  since: number;
}

/** Keeps events that their cluster has forgotten, or will. */
export interface EventStore {
  /** Keeps events in their newest form; one of a cluster that is gone is not kept. */
  keep(cluster: string, events: readonly EventObject[]): Promise<void>;
  /** The newest first, at most some thousands. */
  list(query: EventQuery): Promise<EventObject[]>;
  /** Forgets what was last seen longer ago, and of clusters with very many the oldest. */
  prune(keepMs: number): Promise<void>;
}
