import { ANNOTATION_CLUSTER_ID } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import {
  ErrorPanel,
  HealthLabel,
  RelativeTime,
  useCluster,
} from '@backstage-k8s/plugin-k8s-react';
import { Link } from 'react-router-dom';
import { LoadingBlock } from '../pages/LoadingBlock';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** How a cluster is, in short, on its entity's page. */
export function ClusterCard() {
  const { entity } = useEntity();
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const links = useLinks();
  const id = entity.metadata.annotations?.[ANNOTATION_CLUSTER_ID] ?? '';
  const { data, error, refetch } = useCluster(id);
  return (
    <EntityInfoCard
      title={t('cluster.title')}
      headerActions={
        <Link to={links.cluster(id)}>{t('settings.openCluster')}</Link>
      }
    >
      {error && (
        <ErrorPanel
          error={error}
          what={t('cluster.title')}
          onRetry={() => refetch()}
        />
      )}
      {!data && !error && <LoadingBlock lines={3} />}
      {data && (
        <div className={classes.stack}>
          <HealthLabel status={data.status} />
          {data.statusReason && <span>{data.statusReason}</span>}
          <span className={classes.quiet}>
            {[
              data.version,
              data.counts &&
                t('cluster.nodesReady', {
                  ready: String(data.counts.nodesReady),
                  nodes: String(data.counts.nodes),
                }),
            ]
              .filter(Boolean)
              .join(' · ')}
            {' · '}
            {t('clusters.seen')} <RelativeTime at={data.lastSeen} />
          </span>
        </div>
      )}
    </EntityInfoCard>
  );
}
