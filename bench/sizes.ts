/** How large a run is. */
export interface Size {
  name: string;
  /** One portal for all that is measured, instead of a fresh one for each: quicker, and for correctness only. */
  sharesPortal: boolean;
  /** The cluster that is read as a whole. */
  nodes: number;
  pods: number;
  /** Deployments of the cluster whose table is read. */
  deployments: number;
  /** Clusters of the fleet: the same API server behind so many proxies. */
  fleet: number;
  /** Pods of each of them, besides those of the services. */
  podsPerCluster: number;
  /** Users that have a page open at once, ours. */
  users: number[];
  /** The same for Backstage's plugin: as many as it can serve at all. */
  pluginUsers: number;
  /** Milliseconds that pages stay open, with the most users. */
  openMs: number;
  /** The same for what that is compared with: fewer users, none, and the plugin's. */
  comparedMs: number;
  /** Milliseconds until what was just set up is at rest. */
  settleMs: number;
  /** Changes made to be noticed. */
  changes: number;
  /** Interleaved rounds, and requests of one subject in each. */
  rounds: number;
  requests: number;
}

const MINUTE_MS = 60_000;

/** XS is for correctness only: its figures say nothing. */
export const SIZES: Readonly<Record<string, Size>> = {
  XS: {
    ...{ name: 'XS', sharesPortal: true },
    ...{ nodes: 3, pods: 40, deployments: 60 },
    ...{ fleet: 3, podsPerCluster: 20, users: [1, 2, 4], pluginUsers: 1 },
    ...{ openMs: 1_000, comparedMs: 1_000, settleMs: 200 },
    ...{ changes: 5, rounds: 2, requests: 2 },
  },
  S: {
    ...{ name: 'S', sharesPortal: false },
    ...{ nodes: 100, pods: 1_000, deployments: 10_000 },
    ...{ fleet: 100, podsPerCluster: 150, users: [10, 100, 500] },
    ...{
      pluginUsers: 5,
      openMs: 20_000,
      comparedMs: 20_000,
      settleMs: 5_000,
      changes: 60,
      rounds: 5,
      requests: 10,
    },
  },
  M: {
    ...{ name: 'M', sharesPortal: false },
    ...{ nodes: 1_000, pods: 10_000, deployments: 10_000 },
    ...{ fleet: 100, podsPerCluster: 1_500, users: [10, 100, 500] },
    ...{ pluginUsers: 5, openMs: 5 * MINUTE_MS, comparedMs: MINUTE_MS },
    ...{ settleMs: 5_000, changes: 300, rounds: 7, requests: 20 },
  },
  L: {
    ...{ name: 'L', sharesPortal: false },
    ...{ nodes: 2_000, pods: 50_000, deployments: 10_000 },
    ...{ fleet: 100, podsPerCluster: 1_500, users: [10, 100, 500] },
    ...{ pluginUsers: 5, openMs: 5 * MINUTE_MS, comparedMs: MINUTE_MS },
    ...{ settleMs: 5_000, changes: 300, rounds: 5, requests: 20 },
  },
  XL: {
    ...{ name: 'XL', sharesPortal: false },
    ...{ nodes: 5_000, pods: 150_000, deployments: 10_000 },
    ...{ fleet: 100, podsPerCluster: 1_500, users: [10, 100, 500] },
    ...{ pluginUsers: 5, openMs: 5 * MINUTE_MS, comparedMs: MINUTE_MS },
    ...{ settleMs: 5_000, changes: 300, rounds: 5, requests: 20 },
  },
};
