import type { ViewQuery } from '@backstage-k8s/plugin-k8s-node';
import { EVENTS, NAMESPACES, NODES, PODS } from '../workloads/ResourceKinds';

/** The view whose rows are events, those that say the same as one. */
export function eventsView(selection: {
  cluster: string;
  /** Absent: all namespaces. */
  namespace?: string;
  /** `Kind/name` of the object that they are about; absent: of everything. */
  involved?: string;
  /** RFC 3339: also what the cluster has forgotten and the portal remembers, from then on; for reading once. */
  since?: string;
}): ViewQuery {
  const { involved, ...others } = selection;
  const { cluster } = others;
  const [kind, name] = involved?.split('/') ?? [];
  const about = kind && name ? { kind, name } : undefined;
  const events = { ...EVENTS, ...others, about };
  return { cluster, view: 'events', parts: { events } };
}

/** The view whose rows are nodes with what their pods ask for. */
export function nodesView({ cluster }: { cluster: string }): ViewQuery {
  const parts = { nodes: { ...NODES, cluster }, pods: { ...PODS, cluster } };
  return { cluster, view: 'nodes', parts };
}

/** The view whose rows are namespaces. */
export function namespacesView({ cluster }: { cluster: string }): ViewQuery {
  const parts = { namespaces: { ...NAMESPACES, cluster } };
  return { cluster, view: 'namespaces', parts };
}
