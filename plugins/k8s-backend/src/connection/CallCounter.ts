/** Requests to the API server of one cluster. */
export interface ClusterCalls {
  /** Cluster id. */
  cluster: string;
  /** Since the process was started. */
  calls: number;
  /** In the last minute. */
  callsPerMinute: number;
}

const SECOND_MS = 1_000;
const MINUTE_SECONDS = 60;

interface Count {
  total: number;
  /** Of each second of the last minute, at its place in a minute. */
  bySecond: number[];
  /** The second up to which the places are of the last minute. */
  second: number;
}

/** Counts requests by cluster. */
export class CallCounter {
  readonly #now: () => number;
  readonly #counts = new Map<string, Count>();

  constructor(options: { now: () => number }) {
    this.#now = options.now;
  }

  count(cluster: string): void {
    const count = this.#current(cluster);
    count.total += 1;
    count.bySecond[count.second % MINUTE_SECONDS] += 1;
  }

  forget(cluster: string): void {
    this.#counts.delete(cluster);
  }

  calls(): ClusterCalls[] {
    return [...this.#counts.keys()].map(cluster => {
      const { total, bySecond } = this.#current(cluster);
      const callsPerMinute = bySecond.reduce((sum, one) => sum + one, 0);
      return { cluster, calls: total, callsPerMinute };
    });
  }

  /** The counts of a cluster, those that are older than a minute set back. */
  #current(cluster: string): Count {
    const now = Math.floor(this.#now() / SECOND_MS);
    const known = this.#counts.get(cluster) ?? {
      ...{ total: 0, second: now },
      bySecond: Array.from({ length: MINUTE_SECONDS }, () => 0),
    };
    this.#counts.set(cluster, known);
    const passed = Math.min(now - known.second, MINUTE_SECONDS);
    for (let back = 0; back < passed; back += 1) {
      known.bySecond[(now - back) % MINUTE_SECONDS] = 0;
    }
    if (passed > 0) known.second = now;
    return known;
  }
}
