import type { Schema } from '@backstage-k8s/plugin-k8s-common';

type Status = Schema<'HealthStatus'>;

/** A time in which a component had one status; milliseconds since 1970. */
export interface HistorySpan {
  from: number;
  to: number;
  /** Absent: it was not watched yet. */
  status?: Status;
  message?: string;
}

/** A week in milliseconds: how long the back end keeps changes. */
export const HISTORY_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * How a component was in the last week, oldest first, from its changes (newest first). Before the first change nothing is known,
 * unless there is none: then it has always been as it is.
 */
export function historySpans(
  history: readonly Schema<'ClusterHealth'>['history'][number][],
  options: { component: string; status: Status; now: number },
): HistorySpan[] {
  const { component, status, now } = options;
  const start = now - HISTORY_MS;
  const changes = history
    .filter(change => change.component === component)
    .map(change => ({ ...change, at: Date.parse(change.at) }))
    .sort((left, right) => left.at - right.at);
  if (changes.length === 0) return [{ from: start, to: now, status }];
  const spans: HistorySpan[] = changes.map((change, index) => ({
    from: Math.max(change.at, start),
    to: changes[index + 1]?.at ?? now,
    status: change.status,
    message: change.message,
  }));
  const first = spans[0].from;
  return [{ from: start, to: first }, ...spans].filter(
    ({ from, to }) => to > from,
  );
}
