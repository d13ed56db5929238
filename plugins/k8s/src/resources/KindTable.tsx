import type { Kind, ResourceRow } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import {
  EmptyState,
  ErrorPanel,
  ResourceTable,
  resourceKey,
  useResources,
  useTypedText,
} from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useNavigate } from 'react-router-dom';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import { ListStaleBanner } from '../cluster/ListStaleBanner';
import { NamespaceSelect } from '../cluster/NamespaceSelect';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { HealthCounts } from './HealthCounts';
import { useKindColumns } from './useKindColumns';
import { useListQuery } from './useListQuery';
import { useRowActions } from './useRowActions';
import { useRowHealth } from './useRowHealth';

const useStyles = makeStyles({
  // Twice the class, since the field's own style is loaded later.
  selector: { '&&': { flex: '1 1 120px', maxWidth: 240 } },
});

// Not the version: many objects have a new one every few seconds, with nothing in it that is shown.
const signature = ({ health, cells, deleting }: ResourceRow) =>
  JSON.stringify([health, cells, deleting]);

/** The objects of a kind: searched, selected, sorted and paged by the server, live, with what can be done with each. */
export function KindTable(props: { cluster: ClusterDetail; kind: Kind }) {
  const { cluster, kind } = props;
  const { group, plural } = kind;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const shared = useSectionStyles();
  const navigate = useNavigate();
  const list = useListQuery(kind);
  const { query, namespace, search, labels, sort } = list;
  const { setNamespace, setSearch, setLabels, setSort } = list;
  const [typedLabels, setTypedLabels] = useTypedText(labels, setLabels);
  const inNamespace = query.namespace ?? '';
  const { data, error, moreError, reach, refetch } = useResources(
    cluster.id,
    kind,
    query,
  );
  const { onAction, open, rowKeys, create, dialog } = useRowActions({
    cluster,
    kind,
    namespace: inNamespace,
  });
  const health = useRowHealth(cluster.id, kind, { namespace: inNamespace });
  const columns = useKindColumns({
    kind,
    columns: data?.columns ?? kind.columns,
    health: health.column,
    onAction,
  });
  const isFiltered = Boolean(inNamespace || search || labels);
  const isEmpty = data?.total === 0 && !isFiltered;
  return (
    <div className={shared.stack}>
      <ListStaleBanner cache={data?.cache} cluster={cluster} kind={kind} />
      {error && (
        <ErrorPanel
          error={error}
          what={kind.kind}
          cluster={cluster.name}
          onRetry={refetch}
        />
      )}
      {isEmpty && (
        <EmptyState
          title={t('resources.emptyTitle', { kind: kind.kind })}
          description={
            create ? t('resources.emptyText') : t('resources.emptyTextReadOnly')
          }
          action={create?.({ isProminent: true })}
        />
      )}
      {!isEmpty && !(error && !data && !isFiltered) && (
        <ResourceTable
          id={`resources/${group}/${plural}`}
          label={kind.kind}
          columns={columns}
          rows={data?.rows ?? (error ? [] : undefined)}
          total={data?.total}
          onReach={reach}
          rowKey={resourceKey}
          signature={signature}
          onOpen={open}
          rowActions={rowKeys}
          search={search}
          onSearch={setSearch}
          sort={sort}
          onSort={setSort}
          onClear={
            isFiltered
              ? () => {
                  setTypedLabels('');
                  navigate({ search: '' }, { replace: true });
                }
              : undefined
          }
          filters={
            <>
              {kind.namespaced && (
                <NamespaceSelect
                  cluster={cluster.id}
                  value={namespace}
                  onChange={setNamespace}
                />
              )}
              <TextField
                className={classes.selector}
                size="small"
                aria-label={t('resources.selector')}
                placeholder={t('resources.selectorExample')}
                value={typedLabels}
                onChange={setTypedLabels}
                autoComplete="off"
                spellCheck="false"
              />
              <HealthCounts
                counts={data && health.countsOf(data)}
                onSort={() => {
                  setSort('health');
                  refetch();
                }}
              />
            </>
          }
          actions={create?.({ isProminent: false })}
        />
      )}
      {moreError && (
        <ErrorPanel
          error={moreError}
          what={t('resources.moreFailed')}
          cluster={cluster.name}
          onRetry={refetch}
        />
      )}
      {dialog}
    </div>
  );
}
