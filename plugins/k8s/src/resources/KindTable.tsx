import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { Kind, ResourceRow } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import {
  EmptyState,
  ErrorPanel,
  GuardedButton,
  ResourceTable,
  resourceKey,
  resourceReview,
  useResources,
  useTypedText,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { useCallback, useMemo, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import type { ClusterDetail } from '../cluster/ClusterDetail';
import { ListStaleBanner } from '../cluster/ListStaleBanner';
import { NamespaceSelect } from '../cluster/NamespaceSelect';
import { CreateObjectDialog } from '../object/CreateObjectDialog';
import { ObjectDialog } from '../object/ObjectDialog';
import type { ObjectAction } from '../object/objectActions';
import { useSectionStyles } from '../pages/useSectionStyles';
import { useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { HealthCounts } from './HealthCounts';
import { useKindColumns } from './useKindColumns';
import type { RowAction } from './RowMenu';

const useStyles = makeStyles({
  // Twice the class, since the field's own style is loaded later.
  selector: { '&&': { width: 200, flex: 'none' } },
});

const signature = ({ resourceVersion }: ResourceRow) => resourceVersion;

/** Where trouble can be, it comes first. */
function defaultSort(kind: Kind): string {
  if (!traitsOf(kind)?.isPlain) return 'health';
  return kind.namespaced ? 'namespace' : 'name';
}

type OpenDialog =
  | { action: 'create' }
  | { action: ObjectAction; ref: ResourceRef };

/** The objects of a kind: searched, selected, sorted and paged by the server, live, with what can be done with each. */
export function KindTable(props: { cluster: ClusterDetail; kind: Kind }) {
  const { cluster, kind } = props;
  const { group, plural } = kind;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const shared = useSectionStyles();
  const links = useLinks();
  const navigate = useNavigate();
  const [namespace, setNamespace] = useUrlState('namespace');
  const [search, setSearch] = useUrlState('search');
  const [labels, setLabels] = useUrlState('labels');
  const [sortText, setSort] = useUrlState('sort');
  const [typedLabels, setTypedLabels] = useTypedText(labels, setLabels);
  const [dialog, setDialog] = useState<OpenDialog>();
  const sort = sortText || defaultSort(kind);
  const inNamespace = kind.namespaced ? namespace : '';
  const query = useMemo(
    () => ({
      ...(inNamespace && { namespace: inNamespace }),
      ...(search && { search }),
      ...(labels && { labelSelector: labels }),
      sort,
    }),
    [inNamespace, search, labels, sort],
  );
  const { data, error, moreError, reach, refetch } = useResources(
    cluster.id,
    kind,
    query,
  );
  const onAction = useCallback(
    (action: RowAction, row: ResourceRow) => {
      const ref = { ...row, group, plural };
      if (action === 'open') navigate(links.object(ref));
      else if (action === 'yaml') navigate(links.object(ref, 'yaml'));
      else setDialog({ action, ref });
    },
    [group, plural, links, navigate],
  );
  const columns = useKindColumns({
    kind,
    columns: data?.columns ?? kind.columns,
    onAction,
  });
  const rowActions = useMemo(
    () => ({ e: (row: ResourceRow) => onAction('yaml', row) }),
    [onAction],
  );
  const open = useCallback(
    (row: ResourceRow) => onAction('open', row),
    [onAction],
  );
  const isFiltered = Boolean(inNamespace || search || labels);
  const isEmpty = data?.total === 0 && !isFiltered;
  const canCreate = kind.verbs.includes('create');
  const create = canCreate && (
    <GuardedButton
      size="small"
      variant={isEmpty ? 'primary' : 'secondary'}
      reviews={[
        resourceReview('resource.create', {
          cluster: cluster.id,
          group,
          plural,
          ...(inNamespace && { namespace: inNamespace }),
        }),
      ]}
      onPress={() => setDialog({ action: 'create' })}
    >
      {t('resources.create', { kind: kind.kind })}
    </GuardedButton>
  );
  const close = () => setDialog(undefined);
  return (
    <div className={shared.stack}>
      <ListStaleBanner cache={data?.cache} cluster={cluster} />
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
            canCreate
              ? t('resources.emptyText')
              : t('resources.emptyTextReadOnly')
          }
          action={create}
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
          rowActions={rowActions}
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
                counts={data?.health}
                onSort={() => {
                  setSort('health');
                  refetch();
                }}
              />
            </>
          }
          actions={create}
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
      {dialog?.action === 'create' && (
        <CreateObjectDialog
          cluster={cluster}
          kind={kind}
          namespace={inNamespace}
          onClose={close}
        />
      )}
      {dialog && dialog.action !== 'create' && (
        <ObjectDialog
          action={dialog.action}
          cluster={cluster}
          kind={kind}
          target={dialog.ref}
          onClose={close}
        />
      )}
    </div>
  );
}
