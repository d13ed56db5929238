import { stringifyEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import {
  ErrorPanel,
  ResourceTable,
  serviceKey,
  useServiceDeployments,
} from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { isTroubled } from '../deployments/deploymentFacts';
import { LoadingBlock } from '../pages/LoadingBlock';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { useServiceClusters } from './useServiceClusters';
import { useServiceColumns } from './useServiceColumns';

const COLUMNS = ['cluster', 'version', 'ready', 'rollout'];

/** How a service does on each cluster, in short. */
export function ServiceCard() {
  const { entity } = useEntity();
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const { data, error, refetch } = useServiceDeployments(
    stringifyEntityRef(entity),
  );
  const clusters = useServiceClusters(data?.clusters);
  const all = useServiceColumns(clusters);
  const columns = useMemo(
    () => all.filter(({ id }) => COLUMNS.includes(id)),
    [all],
  );
  const troubled = data?.items.filter(isTroubled).length ?? 0;
  const stale = data?.clusters.filter(({ cache }) => cache.state === 'stale');
  const total = String(data?.items.length);
  // That all is well is said only where all is known.
  const well = stale?.length ? undefined : t('service.fine', { total });
  const summary =
    troubled > 0
      ? t('service.troubled', { amount: String(troubled), total })
      : well;
  return (
    <EntityInfoCard
      title={t('service.card')}
      headerActions={<Link to="kubernetes">{t('service.more')}</Link>}
    >
      {error && (
        <ErrorPanel
          error={error}
          what={t('service.title')}
          onRetry={() => refetch()}
        />
      )}
      {!data && !error && <LoadingBlock lines={3} />}
      {data && data.items.length === 0 && (
        <p className={classes.quiet}>{t('service.emptyTitle')}</p>
      )}
      {data && data.items.length > 0 && (
        <>
          {summary && <p className={classes.quiet}>{summary}</p>}
          {stale?.map(({ id, name }) => (
            <p key={id} className={classes.quiet}>
              {t('service.stale', { cluster: name })}
            </p>
          ))}
          <ResourceTable
            id="service-card"
            label={t('service.title')}
            columns={columns}
            rows={data.items}
            rowKey={serviceKey}
            keys={false}
            plain
          />
        </>
      )}
      {data?.errors.map(({ cluster }) => (
        <p key={cluster.id} className={classes.quiet}>
          {t('service.noAnswer', { cluster: cluster.name })}
        </p>
      ))}
    </EntityInfoCard>
  );
}
