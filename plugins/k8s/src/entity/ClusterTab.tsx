import { ANNOTATION_CLUSTER_ID } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Alert, ButtonLink } from '@backstage/ui';
import {
  ErrorPanel,
  StaleBanner,
  useCluster,
} from '@backstage-k8s/plugin-k8s-react';
import { ClusterOverview } from '../cluster/ClusterOverview';
import { LoadingBlock } from '../pages/LoadingBlock';
import { PageNotices } from '../pages/PageNotices';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useLinks } from '../routing/K8sLinks';
import { SearchKey } from '../search/SearchKey';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** A cluster's overview on its entity's page. */
export function ClusterTab() {
  const { entity } = useEntity();
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const links = useLinks();
  const id = entity.metadata.annotations?.[ANNOTATION_CLUSTER_ID] ?? '';
  const { data, error, refetch } = useCluster(id);
  return (
    <div className={classes.stack}>
      <PageNotices />
      <SearchKey />
      {error && (
        <ErrorPanel
          error={error}
          what={t('cluster.title')}
          onRetry={() => refetch()}
        />
      )}
      {!data && !error && <LoadingBlock />}
      {data && (
        <>
          <div className={classes.buttons}>
            <ButtonLink
              size="small"
              variant="secondary"
              href={links.cluster(id)}
            >
              {t('settings.openCluster')}
            </ButtonLink>
          </div>
          {data.skipTlsVerify && (
            <Alert
              status="warning"
              icon
              title={t('cluster.noTls')}
              description={t('cluster.noTlsAdvice')}
            />
          )}
          <StaleBanner cache={data.cache} cluster={data.name} />
          <ClusterOverview cluster={data} />
        </>
      )}
    </div>
  );
}
