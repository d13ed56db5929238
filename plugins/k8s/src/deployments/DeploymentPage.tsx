import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  CopyableText,
  ErrorPanel,
  useDeployment,
} from '@backstage-k8s/plugin-k8s-react';
import { Link, useParams } from 'react-router-dom';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import { ListStaleBanner } from '../cluster/ListStaleBanner';
import { LoadingBlock } from '../pages/LoadingBlock';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { DeploymentPanel } from './DeploymentPanel';

/** One deployment, below its cluster. */
export function DeploymentPage({ cluster }: { cluster: ClusterDetail }) {
  const { namespace = '', name = '' } = useParams();
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const links = useLinks();
  const { data, error, refetch } = useDeployment(cluster.id, {
    namespace,
    name,
  });
  const list = links.cluster(cluster.id, 'deployments');
  return (
    <div className={classes.stack}>
      <nav aria-label={t('deployments.path')} className={classes.buttons}>
        <Link to={list}>{t('cluster.tabs.deployments')}</Link>
        <span aria-hidden>/</span>
        <Link to={`${list}?namespace=${namespace}`}>{namespace}</Link>
        <span aria-hidden>/</span>
        <strong>
          <CopyableText text={name} />
        </strong>
      </nav>
      <ListStaleBanner cache={data?.cache} cluster={cluster} />
      {error && (
        <ErrorPanel
          error={error}
          what={name}
          cluster={cluster.name}
          onRetry={() => refetch()}
        />
      )}
      {!data && !error && <LoadingBlock />}
      {data && (
        <DeploymentPanel
          detail={data}
          cluster={cluster}
          isStale={data.cache.state === 'stale'}
        />
      )}
    </div>
  );
}
