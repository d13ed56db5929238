import { ErrorPanel, useDeployment } from '@backstage-k8s/plugin-k8s-react';
import { DeploymentPanel } from '../deployments/DeploymentPanel';
import { LoadingBlock } from '../pages/LoadingBlock';
import type { ObjectTabProps } from './ObjectTabContent';

/** A deployment in its own terms: its rollout and why it is as it is, revisions, pods and events. */
export function DeploymentSummary({ cluster, target }: ObjectTabProps) {
  const { namespace = '', name } = target;
  const { data, error, refetch } = useDeployment(cluster.id, {
    namespace,
    name,
  });
  if (error && !data) {
    return (
      <ErrorPanel
        error={error}
        what={name}
        cluster={cluster.name}
        onRetry={() => refetch()}
      />
    );
  }
  if (!data) return <LoadingBlock />;
  return (
    <DeploymentPanel
      detail={data}
      cluster={cluster}
      isStale={data.cache.state === 'stale'}
      withoutActions
    />
  );
}
