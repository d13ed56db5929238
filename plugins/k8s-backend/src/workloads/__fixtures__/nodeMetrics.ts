import { NODE_METRICS } from '../ResourceKinds';

/** What nodes use, as a kind of cluster c1. */
export const NODE_METRICS_OF_C1 = { ...NODE_METRICS, cluster: 'c1' };

/** What metrics-server answers: neither the list nor its items have a version. */
export const NODE_METRICS_LIST = {
  ...{ kind: 'NodeMetricsList', apiVersion: 'metrics.k8s.io/v1beta1' },
  metadata: {},
  items: [
    {
      metadata: { name: 'n', creationTimestamp: '2026-01-01T00:00:00Z' },
      ...{ timestamp: '2026-01-01T00:00:00Z', window: '10s' },
      usage: { cpu: '100m', memory: '1Gi' },
    },
  ],
};
