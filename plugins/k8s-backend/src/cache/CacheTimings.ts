/** How long the cache waits for what. */
export interface CacheTimings {
  probeIntervalMs: number;
  probeTimeoutMs: number;
  awayProbeIntervalMs: number;
  outageMs: number;
  quietMs: number;
  silenceMs: number;
  lagMs: number;
  slowLineMs: number;
  watchTimeoutMs: number;
  jitterMs: number;
  firstPauseMs: number;
  longestPauseMs: number;
  refusedPauseMs: number;
  absentPauseMs: number;
  syncWaitMs: number;
  versionWaitMs: number;
  idleMs: number;
  sweepIntervalMs: number;
  memoryLookMs: number;
  regainPauseMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** How long the cache waits where nothing else is said. */
export const DEFAULT_TIMINGS: Readonly<CacheTimings> = {
  // Each cluster, not each kind, is asked for its version so often. With the time-out, or the lag, a fault is noticed after 10 s;
  // 15 s are promised.
  probeIntervalMs: 6 * SECOND,
  // A cluster that takes longer than this to tell its version is too slow to call what we have of it live.
  probeTimeoutMs: 4 * SECOND,
  // At most; at first a fifth of it.
  awayProbeIntervalMs: 5 * SECOND,
  // In a longer outage an etcd can have been restored and have caught up with our version; the lists are read again then.
  outageMs: 10 * SECOND,
  // Of a watch that has said nothing for so long it is asked whether it should have: what a dead watch hides is not called live
  // for longer than the 15 s that are promised.
  quietMs: 10 * SECOND,
  // The API server sends a bookmark about every minute. Where a server sends none, a quiet watch is opened anew this often.
  silenceMs: 75 * SECOND,
  // Changes that arrive so long after they can have been made mean that what we know is not true any more.
  lagMs: 4 * SECOND,
  // So does a line of a watch that takes this long to arrive.
  slowLineMs: 10 * SECOND,
  // At least; up to twice as long by chance, so that watches do not all end at once. As client-go does.
  watchTimeoutMs: 5 * MINUTE,
  // At most, before a list is read again. A quarter of a second instead was no gain after restarts.
  jitterMs: SECOND,
  // Between attempts on one kind; doubled each time, with jitter.
  firstPauseMs: SECOND,
  longestPauseMs: 15 * SECOND,
  // Longest pause when the cluster refuses the kind: only somebody's change there helps, which is to be seen
  // within 30 s.
  refusedPauseMs: 20 * SECOND,
  // When the cluster does not have the kind. Who makes it again waits to see its objects, and the API server says no from memory.
  absentPauseMs: 4 * SECOND,
  // How long a list waits for the first synchronisation, and for a version that was asked for.
  syncWaitMs: 5 * SECOND,
  versionWaitMs: SECOND,
  // A kind that nobody asked for so long is forgotten.
  idleMs: 15 * MINUTE,
  sweepIntervalMs: MINUTE,
  // How often it is looked how much is held. A list that arrives as fast as it can brings about 30 MB meanwhile.
  memoryLookMs: SECOND,
  // What was let go of for want of memory is not read again sooner; what nobody has read for so long makes way for it.
  regainPauseMs: MINUTE,
};

/** A time between half and all of it, by chance. */
export function jittered(timeMs: number): number {
  return timeMs * (0.5 + Math.random() / 2);
}
