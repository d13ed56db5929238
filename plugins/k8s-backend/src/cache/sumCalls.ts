import type { ClusterCalls } from '../connection/CallCounter';

/** Counts of several threads, one of each cluster. */
export function sumCalls(...counts: readonly ClusterCalls[][]): ClusterCalls[] {
  const sums = new Map<string, ClusterCalls>();
  for (const { cluster, calls, callsPerMinute } of counts.flat()) {
    const sum = sums.get(cluster);
    sums.set(cluster, {
      cluster,
      calls: calls + (sum?.calls ?? 0),
      callsPerMinute: callsPerMinute + (sum?.callsPerMinute ?? 0),
    });
  }
  return [...sums.values()];
}
