import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import {
  EmptyState,
  ErrorPanel,
  GuardedButton,
  ResourceTable,
  sortRows,
  useClusters,
  useStatus,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { useCallback, useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { PageFrame } from '../pages/PageFrame';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { AttentionStrip } from './AttentionStrip';
import { BuildingBanner } from './BuildingBanner';
import { ClusterFilters } from './ClusterFilters';
import { matchesFilter, toClusterRows } from './ClusterRow';
import type { ClusterRow } from './ClusterRow';
import { InstallationBanners } from './InstallationBanners';
import { useClusterColumns } from './useClusterColumns';

const rowKey = ({ id }: ClusterRow) => id;
// Not when it was last seen: that changes with every check.
const signature = ({ cluster, building }: ClusterRow) =>
  JSON.stringify(
    cluster
      ? [cluster.status, cluster.version, cluster.counts, cluster.labels]
      : building,
  );

function RegisterButton() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const navigate = useNavigate();
  return (
    <GuardedButton
      variant="primary"
      size="small"
      reviews={[{ action: 'cluster.register' }]}
      onPress={() => navigate(links.register)}
    >
      {t('clusters.register')}
    </GuardedButton>
  );
}

function ClustersTable({ rows }: { rows: ClusterRow[] | undefined }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const navigate = useNavigate();
  const columns = useClusterColumns();
  const [parameters, setParameters] = useSearchParams();
  const [search, setSearch] = useUrlState('search');
  const [sort, setSort] = useUrlState('sort');
  const status = parameters.get('status') ?? '';
  const label = parameters.get('label') ?? '';
  const group = parameters.get('group') ?? '';

  const shown = useMemo(
    () =>
      rows &&
      sortRows(
        rows.filter(row => matchesFilter(row, { search, status, label })),
        { columns, sort: sort || 'name' },
      ),
    [rows, columns, search, status, label, sort],
  );
  const groupOf = useCallback(
    ({ cluster }: ClusterRow) =>
      cluster?.labels[group] ?? t('clusters.withoutLabel', { label: group }),
    [group, t],
  );
  return (
    <ResourceTable
      id="clusters"
      label={t('clusters.title')}
      columns={columns}
      rows={shown}
      total={rows?.length}
      rowKey={rowKey}
      signature={signature}
      groupOf={group ? groupOf : undefined}
      onOpen={({ cluster }) => cluster && navigate(links.cluster(cluster.id))}
      search={search}
      onSearch={setSearch}
      sort={sort || 'name'}
      onSort={setSort}
      onClear={() => setParameters({}, { replace: true })}
      filters={<ClusterFilters rows={rows ?? []} />}
      actions={<RegisterButton />}
    />
  );
}

/** All clusters: what needs attention, and the table. */
export function ClustersPage() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const clusters = useClusters();
  const status = useStatus();
  const rows = useMemo(
    () =>
      clusters.data &&
      toClusterRows(clusters.data, status.data?.developmentClusters),
    [clusters.data, status.data],
  );
  const isEmpty = rows?.length === 0 && !status.isPending;
  return (
    <PageFrame>
      <VisuallyHidden>
        <h1>{t('clusters.title')}</h1>
      </VisuallyHidden>
      <InstallationBanners />
      {clusters.error && (
        <ErrorPanel
          error={clusters.error}
          what={t('clusters.title')}
          onRetry={() => clusters.refetch()}
        />
      )}
      {rows && <BuildingBanner rows={rows} />}
      {rows && <AttentionStrip rows={rows} />}
      {isEmpty && (
        <EmptyState
          title={t('clusters.emptyTitle')}
          description={t('clusters.emptyText')}
          action={<RegisterButton />}
        />
      )}
      {!isEmpty && !(clusters.error && !rows) && <ClustersTable rows={rows} />}
    </PageFrame>
  );
}
