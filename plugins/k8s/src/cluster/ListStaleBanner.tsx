import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { StaleBanner } from '@backstage-k8s/plugin-k8s-react';
import type { ClusterDetail } from './ClusterDetail';

/** Says that a list is stale, where the page does not say it of the whole cluster already. */
export function ListStaleBanner(props: {
  cluster: ClusterDetail;
  cache?: Schema<'CacheState'>;
}) {
  const { cluster, cache } = props;
  if (cluster.cache?.state === 'stale') return null;
  return <StaleBanner cache={cache} cluster={cluster.name} />;
}
