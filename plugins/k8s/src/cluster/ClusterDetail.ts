import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** One cluster with its address and nodes. */
export type ClusterDetail = Schema<'ClusterDetail'>;
