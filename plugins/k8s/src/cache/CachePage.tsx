import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Header, Select } from '@backstage/ui';
import {
  EmptyState,
  ErrorPanel,
  ResourceTable,
  sortRows,
  useCacheStatus,
  useClusters,
  useGuard,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useMemo } from 'react';
import { useNavigate } from 'react-router-dom';
import { LoadingBlock } from '../pages/LoadingBlock';
import { PageFrame } from '../pages/PageFrame';
import { Section } from '../pages/Section';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { CACHE_STATES, clusterRows, kindRows } from './CacheRow';
import type { CachedClusterRow, CachedKindRow, CacheReport } from './CacheRow';
import { CacheTotals } from './CacheTotals';
import {
  useClusterColumnsOfCache,
  useKindColumnsOfCache,
} from './useCacheColumns';

const REVIEWS = [{ action: 'cluster.register' as const }];
const ALL = 'all';
const rowKey = ({ id }: { id: string }) => id;

// Twice the class, since the field's own style is loaded later.
const useStyles = makeStyles({ select: { '&&': { maxWidth: 220 } } });

/** Which kinds are shown, in the address. */
function useKindFilter() {
  const [cluster, setCluster] = useUrlState('cluster');
  const [state, setState] = useUrlState('state');
  const [search, setSearch] = useUrlState('search');
  const text = search.toLowerCase();
  const matches = (row: CachedKindRow) =>
    (!cluster || row.cluster === cluster) &&
    (!state || row.state === state) &&
    [row.clusterName, row.kindName, row.message ?? ''].some(one =>
      one.toLowerCase().includes(text),
    );
  return {
    ...{ cluster, setCluster, state, setState, search, setSearch, matches },
    isFiltered: Boolean(cluster || state || search),
  };
}

function KindsTable(props: {
  rows: readonly CachedKindRow[];
  clusters: readonly CachedClusterRow[];
}) {
  const { rows, clusters } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const navigate = useNavigate();
  const columns = useKindColumnsOfCache();
  const filter = useKindFilter();
  const [sort, setSort] = useUrlState('sort');
  // Without a choice they are in order already: stale ones first.
  const shown = sortRows(rows.filter(filter.matches), { columns, sort });
  return (
    <ResourceTable
      id="cache"
      label={t('cache.kinds')}
      columns={columns}
      rows={shown}
      total={rows.length}
      rowKey={rowKey}
      sort={sort}
      onSort={setSort}
      search={filter.search}
      onSearch={filter.setSearch}
      onClear={
        filter.isFiltered
          ? () => navigate({ search: '' }, { replace: true })
          : undefined
      }
      filters={
        <>
          <Select
            className={classes.select}
            size="small"
            aria-label={t('cache.filterCluster')}
            options={[
              { id: ALL, label: t('cache.anyCluster') },
              ...clusters.map(({ id, name }) => ({ id, label: name })),
            ]}
            value={filter.cluster || ALL}
            onChange={key => filter.setCluster(key === ALL ? '' : String(key))}
          />
          <Select
            className={classes.select}
            size="small"
            aria-label={t('cache.filterState')}
            options={[
              { id: ALL, label: t('cache.anyState') },
              ...CACHE_STATES.map(id => ({
                id,
                label: t(`cache.states.${id}`),
              })),
            ]}
            value={filter.state || ALL}
            onChange={key => filter.setState(key === ALL ? '' : String(key))}
          />
        </>
      }
    />
  );
}

function CacheContent({ report }: { report: CacheReport }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const clusters = useClusters();
  const names = useMemo(
    () => new Map(clusters.data?.map(({ id, name }) => [id, name])),
    [clusters.data],
  );
  const ofClusters = useMemo(() => clusterRows(report, names), [report, names]);
  const ofKinds = useMemo(() => kindRows(report, names), [report, names]);
  const columns = useClusterColumnsOfCache();
  const [sort, setSort] = useUrlState('clusterSort');
  return (
    <>
      <CacheTotals report={report} clusters={ofClusters} />
      <Section title={t('cache.clusters')}>
        <ResourceTable
          id="cache-clusters"
          label={t('cache.clusters')}
          columns={columns}
          rows={sortRows(ofClusters, { columns, sort })}
          rowKey={rowKey}
          sort={sort}
          onSort={setSort}
          keys={false}
          plain
        />
      </Section>
      <Section title={t('cache.kinds')}>
        {ofKinds.length === 0 ? (
          <EmptyState
            title={t('cache.emptyTitle')}
            description={t('cache.emptyText')}
          />
        ) : (
          <KindsTable rows={ofKinds} clusters={ofClusters} />
        )}
      </Section>
    </>
  );
}

/** How the caches of the clusters are; for those who administer some. */
export function CachePage() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const links = useLinks();
  const guard = useGuard(REVIEWS);
  const [cluster] = useUrlState('cluster');
  const ofCluster = useGuard(
    cluster ? [{ action: 'cluster.update' as const, cluster }] : REVIEWS,
  );
  const status = useCacheStatus();
  const { data, error } = status;
  // Who administers one cluster sees that one, also while nothing of it is cached, and may register none.
  const isAdministrator =
    guard.allowed ||
    ofCluster.allowed ||
    Boolean(data?.kinds.length || data?.clusters.length);
  const isKnown = [guard, ofCluster].every(
    ({ isChecking, retry }) => !isChecking && !retry,
  );
  const isRefused = data && !isAdministrator && isKnown;
  return (
    <PageFrame
      header={
        <Header
          title={t('cache.title')}
          description={t('cache.intro')}
          breadcrumbs={[{ label: t('clusters.title'), href: links.clusters }]}
        />
      }
    >
      {error && (
        <ErrorPanel
          error={error}
          what={t('cache.title')}
          onRetry={() => status.refetch()}
        />
      )}
      {isRefused && (
        <Alert
          role="status"
          status="info"
          icon
          title={t('cache.notAllowed')}
          description={guard.reason}
        />
      )}
      {!data && !error && <LoadingBlock />}
      {data && isAdministrator && <CacheContent report={data} />}
    </PageFrame>
  );
}
