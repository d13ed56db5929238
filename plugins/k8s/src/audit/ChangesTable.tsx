import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import {
  EmptyState,
  ErrorPanel,
  ResourceTable,
  useAudit,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { toAuditFilter } from './auditFilter';
import type { AuditEntry } from './auditFilter';
import { ChangeDetails } from './ChangeDetails';
import { ChangeFilters } from './ChangeFilters';
import { downloadCsv } from './downloadCsv';
import { toCsv } from './toCsv';
import { useChangeColumns } from './useChangeColumns';

const rowKey = ({ id }: AuditEntry) => id;
const signature = ({ outcome }: AuditEntry) => outcome;

/** The audit with its filters in the address: of one cluster, or of all. */
export function ChangesTable({ cluster }: { cluster?: string }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [parameters, setParameters] = useSearchParams();
  const [search, setSearch] = useUrlState('search');
  const [opened, setOpened] = useUrlState('entry');
  const filter = toAuditFilter(parameters, cluster);
  const audit = useAudit(filter);
  const columns = useChangeColumns({ withCluster: cluster === undefined });
  const entries = useMemo(
    () => audit.data?.pages.flatMap(page => page.entries),
    [audit.data],
  );
  const scope = audit.data?.pages[0].scope;
  const entry = entries?.find(({ id }) => id === opened);
  const isFiltered = Object.entries(filter).some(
    ([key, value]) => key !== 'cluster' && value,
  );
  const isEmpty = entries?.length === 0 && !isFiltered;
  return (
    <div className={classes.stack}>
      {scope && <p className={classes.quiet}>{t(`changes.scope.${scope}`)}</p>}
      {audit.error && (
        <ErrorPanel
          error={audit.error}
          what={t('changes.title')}
          onRetry={() => audit.refetch()}
        />
      )}
      {isEmpty && (
        <EmptyState
          title={t('changes.emptyTitle')}
          description={t('changes.emptyText')}
        />
      )}
      {!isEmpty && !(audit.error && !entries) && (
        <ResourceTable
          id="changes"
          label={t('changes.title')}
          columns={columns}
          rows={entries}
          rowKey={rowKey}
          signature={signature}
          selectedKey={opened}
          onOpen={({ id }) => setOpened(id === opened ? '' : id)}
          search={search}
          onSearch={setSearch}
          onClear={() => setParameters({}, { replace: true })}
          onMore={audit.hasNextPage ? () => audit.fetchNextPage() : undefined}
          filters={<ChangeFilters withCluster={cluster === undefined} />}
          actions={
            <>
              <Button
                size="small"
                variant="secondary"
                isPending={audit.isRefetching}
                onPress={() => audit.refetch()}
              >
                {t('common.refresh')}
              </Button>
              <Button
                size="small"
                variant="secondary"
                isDisabled={!entries?.length}
                onPress={() => downloadCsv('changes.csv', toCsv(entries ?? []))}
              >
                {t('changes.csv')}
              </Button>
            </>
          }
        />
      )}
      {entry && <ChangeDetails entry={entry} onClose={() => setOpened('')} />}
    </div>
  );
}
