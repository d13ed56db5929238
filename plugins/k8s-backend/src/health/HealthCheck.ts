import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import type { NodePressure } from './probes/probeNodePressure';

/** A part of a cluster and how it is. */
export type HealthComponent = Schema<'HealthComponent'> & {
  /** `message` with names of nodes in it, which is only for those who may read nodes; absent: it has none. */
  namingMessage?: string;
};
/** What the parts are called. */
export type ComponentName = HealthComponent['name'];
/** How a part or a cluster is. */
export type HealthStatus = Schema<'HealthStatus'>;

/** How a cluster is, as last checked. */
export interface ClusterCheck {
  status: HealthStatus;
  /** Why it is not healthy, for people. */
  reason?: string;
  /** RFC 3339; when its status became what it is. */
  since: string;
  /** RFC 3339. */
  checkedAt: string;
  /** RFC 3339; when the API server last answered. */
  lastSeen?: string;
  /** Of the API server. */
  version?: string;
  components: HealthComponent[];
  /** For the next check, which may not look again yet; absent: not known. */
  nodePressure?: NodePressure;
}

/** A change of a status that is kept. */
export interface HealthTransition {
  component: ComponentName | 'cluster';
  status: HealthStatus;
  message?: string;
  /** RFC 3339. */
  at: string;
}
