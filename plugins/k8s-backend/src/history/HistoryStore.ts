import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import type { ObjectChange } from './ObjectChange';

/** A kind in a cluster, whatever its version. */
export interface RecordedKind extends ResourceType {
  /** Cluster id. */
  cluster: string;
}

/** An object, whatever the version of its kind. */
export interface RecordedObject extends RecordedKind {
  /** Absent: cluster-scoped. */
  namespace?: string;
  name: string;
}

/** A change as it is kept. */
export interface KeptChange extends ObjectChange {
  id: string;
}

/** Where a page ended. */
export interface HistoryPosition {
  /** Milliseconds since 1970. */
  at: number;
  id: string;
}

/** Changes of an object, newest first. */
export interface HistoryQuery {
  object: RecordedObject;
  /** Only what is older; without id, than the moment. */
  after?: { at: number; id?: string };
  limit: number;
}

/** What a change has led to; with it, it is found in the audit and here. */
export interface ChangeEffect {
  uid: string;
  resourceVersion: string;
}

/** A time in which the changes of a kind were heard, milliseconds since 1970. */
export interface RecordedSpan {
  from: number;
  to: number;
  /** Between these, the last time that it came to it, some changes were too many to be kept; absent: all were kept. */
  dropped?: { from: number; to: number };
}

/** That changes of a kind were dropped. */
export interface DroppedKind extends RecordedKind {
  /** Milliseconds since the first of them. */
  sinceMs: number;
}

/** Keeps what was changed. */
export interface HistoryStore {
  /** Keeps changes, each once, whoever else heard of it; one of a cluster that is gone is not kept. */
  keep(changes: readonly ObjectChange[]): Promise<void>;
  list(query: HistoryQuery): Promise<KeptChange[]>;
  /** Which of these effects are known, as {@link effectKey}. */
  known(
    cluster: string,
    effects: readonly ChangeEffect[],
  ): Promise<ReadonlySet<string>>;
  /** Notes that the changes of these kinds are being heard now, and of which some were dropped lately. */
  recording(
    kinds: readonly RecordedKind[],
    dropped?: readonly DroppedKind[],
  ): Promise<void>;
  /** When changes of a kind were heard, the last time first. */
  spans(kind: RecordedKind): Promise<RecordedSpan[]>;
  /** Forgets what is older, of objects with very many changes the oldest, of clusters with very many the oldest. */
  prune(keepMs: number): Promise<void>;
}

/** An effect as a key. */
export function effectKey({ uid, resourceVersion }: ChangeEffect): string {
  return `${uid} ${resourceVersion}`;
}
