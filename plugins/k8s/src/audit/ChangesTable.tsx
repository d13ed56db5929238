import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import {
  EmptyState,
  ErrorPanel,
  ResourceTable,
  useAudit,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { useCallback, useMemo } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AuditEntry } from './auditFilter';
import { ChangeDetails } from './ChangeDetails';
import { ChangeFilters } from './ChangeFilters';
import { ExportOutcome } from './ExportOutcome';
import { useChangeColumns } from './useChangeColumns';
import { useChangesExport } from './useChangesExport';
import { useChangesFilter } from './useChangesFilter';

/** Whose changes are shown; of one cluster, all of them need no word. */
const SCOPES = {
  all: 'changes.scopeAll',
  clusters: 'changes.scopeClusters',
  own: 'changes.scopeOwn',
} as const;

const rowKey = ({ id }: AuditEntry) => id;
const signature = ({ outcome }: AuditEntry) => outcome;

/** The audit with its filters in the address: of one cluster, or of all. */
export function ChangesTable({ cluster }: { cluster?: string }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const { state, filter, change, clear, renew, isFiltered } =
    useChangesFilter(cluster);
  const [opened, setOpened] = useUrlState('entry');
  const audit = useAudit(filter);
  const csv = useChangesExport(filter);
  const toggle = useCallback(
    ({ id }: AuditEntry) => setOpened(id === opened ? '' : id),
    [opened, setOpened],
  );
  const onSearch = useCallback(
    (search: string) => change({ search }),
    [change],
  );
  const withCluster = cluster === undefined;
  const columns = useChangeColumns({ withCluster, opened, onToggle: toggle });
  const entries = useMemo(
    () => audit.data?.pages.flatMap(page => page.entries),
    [audit.data],
  );
  const actors = useMemo(
    () => [...new Set(entries?.map(({ actor }) => actor))].sort(),
    [entries],
  );
  const scope = audit.data?.pages[0].scope;
  const isEmpty = entries?.length === 0 && !isFiltered;
  return (
    <div className={classes.stack}>
      {scope && (withCluster || scope === 'own') && (
        <span className={classes.quiet}>{t(SCOPES[scope])}</span>
      )}
      {audit.error && (
        <ErrorPanel
          error={audit.error}
          what={t('changes.title')}
          onRetry={() =>
            audit.isFetchNextPageError ? audit.fetchNextPage() : audit.refetch()
          }
        />
      )}
      <ExportOutcome state={csv.state} onRetry={csv.start} onStop={csv.stop} />
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
          onOpen={toggle}
          details={entry => <ChangeDetails entry={entry} />}
          search={state.search}
          onSearch={onSearch}
          onClear={isFiltered ? clear : undefined}
          onMore={audit.hasNextPage ? () => audit.fetchNextPage() : undefined}
          filters={
            <ChangeFilters
              state={state}
              onChange={change}
              actors={actors}
              withCluster={withCluster}
            />
          }
          actions={
            <>
              <Button
                size="small"
                variant="secondary"
                isPending={audit.isRefetching && !audit.isFetchingNextPage}
                onPress={() => {
                  renew();
                  audit.refetch();
                }}
              >
                {t('changes.reload')}
              </Button>
              <Button
                size="small"
                variant="secondary"
                isDisabled={!entries?.length || csv.state.status === 'running'}
                onPress={csv.start}
              >
                {t('changes.exportCsv')}
              </Button>
            </>
          }
        />
      )}
    </div>
  );
}
