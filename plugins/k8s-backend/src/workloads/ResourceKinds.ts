import { traitsOf } from '@backstage-k8s/plugin-k8s-common';

function kind(group: string, plural: string) {
  const traits = traitsOf({ group, plural });
  if (!traits) throw new Error(`No such kind: ${plural}.${group}`);
  return { group, plural, version: traits.version };
}

/** Group, plural and version of the kinds that are read and changed here; a cluster makes them a `ResourceKind`. */
export const DEPLOYMENTS = kind('apps', 'deployments');
export const REPLICA_SETS = kind('apps', 'replicasets');
export const CONTROLLER_REVISIONS = kind('apps', 'controllerrevisions');
export const PODS = kind('', 'pods');
export const EVENTS = kind('', 'events');
export const NODES = kind('', 'nodes');
export const NAMESPACES = kind('', 'namespaces');
export const JOBS = kind('batch', 'jobs');
export const AUTOSCALERS = kind('autoscaling', 'horizontalpodautoscalers');
/** What nodes use, from metrics-server where a cluster has it. */
export const NODE_METRICS = {
  group: 'metrics.k8s.io',
  plural: 'nodes',
  version: 'v1beta1',
};
