import type { Kind } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  EmptyState,
  ErrorPanel,
  ResourceTable,
  useDeployments,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import type { DeploymentFilter } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import { ListStaleBanner } from '../cluster/ListStaleBanner';
import { NamespaceSelect } from '../cluster/NamespaceSelect';
import { rowsWhenRead } from '../cluster/rowsWhenRead';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useRowActions } from '../resources/useRowActions';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { Deployment } from './deploymentFacts';
import { useDeploymentColumns } from './useDeploymentColumns';

const PAGE_ROWS = 100;
/** The most that the API gives at once. */
const MOST_ROWS = 500;
const SORTS = [
  'name',
  '-name',
  'namespace',
  '-namespace',
  'ready',
  '-ready',
  'age',
  '-age',
] as const;

const rowKey = ({ namespace, name }: Deployment) => `${namespace}/${name}`;
const signature = ({ replicas, ready, rollout, containers }: Deployment) =>
  JSON.stringify([replicas, ready, rollout.state, containers]);

function toSort(text: string): DeploymentFilter['sort'] {
  return SORTS.find(sort => sort === text) ?? 'namespace';
}

/** The deployments of a cluster: searched, sorted and paged by the server. */
export function DeploymentsTab(props: { cluster: ClusterDetail; kind: Kind }) {
  const { cluster, kind } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [namespace, setNamespace] = useUrlState('namespace');
  const [search, setSearch] = useUrlState('search');
  const [sortText, setSort] = useUrlState('sort');
  const [limit, setLimit] = useState(PAGE_ROWS);
  const sort = toSort(sortText);
  const { onAction, open, rowKeys, create, dialog } = useRowActions({
    cluster,
    kind,
    namespace,
  });
  const columns = useDeploymentColumns({ cluster: cluster.id, kind, onAction });
  const { data, error, refetch } = useDeployments(cluster.id, {
    namespace: namespace || undefined,
    search: search || undefined,
    sort,
    limit,
  });
  const hasMore = data && data.total > data.deployments.length;
  const rows = rowsWhenRead(data && { ...data, rows: data.deployments });
  const isEmpty = rows && data?.total === 0 && !namespace && !search;
  return (
    <div className={classes.stack}>
      <ListStaleBanner cache={data?.cache} cluster={cluster} />
      {error && (
        <ErrorPanel
          error={error}
          what={t('cluster.tabs.deployments')}
          cluster={cluster.name}
          onRetry={() => refetch()}
        />
      )}
      {isEmpty && (
        <EmptyState
          title={t('deployments.emptyTitle')}
          description={t('deployments.emptyText')}
          action={create?.({ isProminent: true })}
        />
      )}
      {!isEmpty && !(error && !data) && (
        <ResourceTable
          id="deployments"
          label={t('cluster.tabs.deployments')}
          columns={columns}
          rows={rows}
          total={data?.total}
          rowKey={rowKey}
          signature={signature}
          onOpen={open}
          rowActions={rowKeys}
          search={search}
          onSearch={setSearch}
          sort={sort}
          onSort={setSort}
          onMore={
            hasMore && limit < MOST_ROWS ? () => setLimit(MOST_ROWS) : undefined
          }
          actions={create?.({ isProminent: false })}
          filters={
            <NamespaceSelect
              cluster={cluster.id}
              value={namespace}
              onChange={setNamespace}
            />
          }
        />
      )}
      {dialog}
      {hasMore && limit >= MOST_ROWS && (
        <p className={classes.quiet}>
          {t('deployments.narrow', { amount: String(MOST_ROWS) })}
        </p>
      )}
    </div>
  );
}
