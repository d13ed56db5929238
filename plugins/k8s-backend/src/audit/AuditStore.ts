import type { ResourceType, Schema } from '@backstage-k8s/plugin-k8s-common';
import type { AuditEffect } from './AuditLog';

/** An entry as it is first written; its time is the database's. */
export type NewAuditEntry = Omit<
  Schema<'AuditEntry'>,
  'at' | 'durationMs' | 'requestId'
> & { requestId: string };

/** How a change ended. */
export interface AuditResult {
  outcome: 'succeeded' | 'failed' | 'refused';
  reason?: string;
  durationMs: number;
  /** What it has led to, where that is known. */
  effect?: AuditEffect;
}

/** Whose entries may be answered: all, or one's own and those of some clusters. */
export type AuditScope = 'all' | { actor: string; clusters: string[] };

/** Where a page of entries ended. */
export interface AuditPosition {
  /** Milliseconds. */
  at: number;
  id: string;
}

/** Which entries to answer, newest first. */
export interface AuditQuery {
  scope: AuditScope;
  actor?: string;
  action?: string;
  cluster?: string;
  /** About objects of a kind, or one of them. `namespace`: null for those that have none, absent for any. */
  object?: Partial<ResourceType> & { namespace?: string | null; name?: string };
  outcome?: Schema<'AuditOutcome'>;
  /** Milliseconds, inclusive. */
  from?: number;
  /** Milliseconds, inclusive. */
  to?: number;
  /** Part of actor, action, cluster, namespace, name or reason; upper and lower case alike. */
  search?: string;
  /** Only what is older. */
  after?: AuditPosition;
  limit: number;
}

/** An entry, and what it has led to. */
export interface EffectiveEntry {
  entry: Schema<'AuditEntry'>;
  effect?: AuditEffect;
}

/** Keeps audit entries. */
export interface AuditStore {
  add(entry: NewAuditEntry): Promise<void>;
  /** Completes an entry that is pending. */
  complete(id: string, result: AuditResult): Promise<void>;
  /** One page, and where it ended when there may be more. */
  list(
    query: AuditQuery,
  ): Promise<{ entries: Schema<'AuditEntry'>[]; next?: AuditPosition }>;
  /** {@link list}, with what the entries have led to. */
  listEffective(
    query: AuditQuery,
  ): Promise<{ entries: EffectiveEntry[]; next?: AuditPosition }>;
  /** The entries of these ids that there are. */
  find(ids: readonly string[]): Promise<Schema<'AuditEntry'>[]>;
  /** The entries that have led to one of these. */
  ofEffects(query: {
    cluster: string;
    scope: AuditScope;
    effects: readonly AuditEffect[];
  }): Promise<Required<EffectiveEntry>[]>;
  /** Forgets what is older. Answers how many. */
  prune(olderThanMs: number): Promise<number>;
}
