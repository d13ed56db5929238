import { stringifyEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Select } from '@backstage/ui';
import {
  ErrorPanel,
  ResourceTable,
  StaleBanner,
  serviceKey,
  useServiceDeployments,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useMemo } from 'react';
import { DeploymentPanel } from '../deployments/DeploymentPanel';
import { isTroubled } from '../deployments/deploymentFacts';
import type { DeploymentDetail } from '../deployments/deploymentFacts';
import { PageNotices } from '../pages/PageNotices';
import { Section } from '../pages/Section';
import { useSectionStyles } from '../pages/useSectionStyles';
import { SearchKey } from '../search/SearchKey';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { ServiceClusterProblems } from './ServiceClusterProblems';
import { ServiceEmpty } from './ServiceEmpty';
import { environmentOf, useServiceColumns } from './useServiceColumns';
import { useServiceClusters } from './useServiceClusters';

const ALL = '*';

// Twice the class, since the field's own style is loaded later.
const useStyles = makeStyles({
  select: { '&&': { width: 200, flex: 'none' } },
});

const signature = ({
  replicas,
  ready,
  rollout,
  containers,
}: DeploymentDetail) =>
  JSON.stringify([replicas, ready, rollout.state, containers]);

/** A service's deployments on all clusters; the selected one below, trouble first. */
export function ServiceTab() {
  const { entity } = useEntity();
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const shared = useSectionStyles();
  const [environment, setEnvironment] = useUrlState('environment');
  const [selected, setSelected] = useUrlState('deployment');
  const service = useServiceDeployments(stringifyEntityRef(entity));
  const clusters = useServiceClusters(service.data?.clusters);
  const columns = useServiceColumns(clusters);

  const rows = useMemo(
    () =>
      service.data?.items
        .filter(
          ({ cluster = '' }) =>
            !environment ||
            environmentOf(clusters.get(cluster)) === environment,
        )
        .sort(
          (left, right) => Number(isTroubled(right)) - Number(isTroubled(left)),
        ),
    [service.data, clusters, environment],
  );
  const environments = new Set(
    [...clusters.values()].map(environmentOf).filter(Boolean),
  );
  const detail = rows?.find(row => serviceKey(row) === selected) ?? rows?.at(0);
  const cluster = detail && clusters.get(detail.cluster ?? '');
  const isEmpty = service.data?.items.length === 0;
  return (
    <div className={shared.stack}>
      <PageNotices />
      <SearchKey />
      {service.error && (
        <ErrorPanel
          error={service.error}
          what={t('service.title')}
          onRetry={() => service.refetch()}
        />
      )}
      {service.data && (
        <ServiceClusterProblems
          errors={service.data.errors}
          onRetry={() => service.refetch()}
        />
      )}
      {isEmpty && <ServiceEmpty entity={entity} />}
      {!isEmpty && !(service.error && !service.data) && (
        <ResourceTable
          id="service"
          label={t('service.title')}
          columns={columns}
          rows={rows}
          rowKey={serviceKey}
          signature={signature}
          selectedKey={detail && serviceKey(detail)}
          onOpen={row => setSelected(serviceKey(row))}
          filters={
            environments.size > 1 && (
              <Select
                className={classes.select}
                size="small"
                aria-label={t('service.environment')}
                options={[
                  { id: ALL, label: t('service.allEnvironments') },
                  ...[...environments].sort().map(id => ({ id, label: id })),
                ]}
                value={environment || ALL}
                onChange={key => setEnvironment(key === ALL ? '' : String(key))}
              />
            )
          }
        />
      )}
      {detail && cluster && (
        <Section
          title={t('service.on', {
            name: `${detail.namespace}/${detail.name}`,
            cluster: cluster.name,
          })}
        >
          <div className={shared.stack}>
            <StaleBanner cache={cluster.cache} cluster={cluster.name} />
            <DeploymentPanel
              key={serviceKey(detail)}
              detail={detail}
              cluster={cluster}
              isStale={cluster.cache.state === 'stale'}
            />
          </div>
        </Section>
      )}
    </div>
  );
}
