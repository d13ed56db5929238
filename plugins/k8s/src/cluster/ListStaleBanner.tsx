import type { Kind, Schema } from '@backstage-k8s/plugin-k8s-common';
import { StaleBanner } from '@backstage-k8s/plugin-k8s-react';
import type { ClusterDetail } from './ClusterDetail';

/** Says that a list is stale, where the page does not say it of the whole cluster already. */
export function ListStaleBanner(props: {
  cluster: ClusterDetail;
  /** Of the list; absent: it can be followed. */
  kind?: Kind;
  cache?: Schema<'CacheState'>;
}) {
  const { cluster, kind, cache } = props;
  if (cluster.cache?.state === 'stale') return null;
  // Where no changes are told a list is old as soon as it is read, although the cluster answers.
  const isFollowed = kind?.verbs.includes('watch') ?? true;
  return (
    <StaleBanner
      cache={cache}
      cluster={isFollowed ? cluster.name : undefined}
    />
  );
}
