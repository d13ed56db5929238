/** A development cluster, as it is asked for. */
export interface ClusterRow {
  name: string;
  /** Zones of its nodes are named after it. */
  region: string;
  /** Given to it when it is registered with the portal. */
  labels: Record<string, string>;
  /** Entity reference of the owner that it is registered with. */
  owner: string;
}

/** The development clusters. */
export const CLUSTERS: ClusterRow[] = [
  {
    name: 'dev-eu',
    region: 'eu-central-1',
    labels: { environment: 'development', region: 'eu' },
    owner: 'user:default/owner',
  },
  {
    name: 'dev-us',
    region: 'us-east-1',
    labels: { environment: 'development', region: 'us' },
    owner: 'group:default/platform',
  },
];
