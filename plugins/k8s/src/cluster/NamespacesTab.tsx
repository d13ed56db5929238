import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ErrorPanel,
  GuardedButton,
  ResourceTable,
  sortRows,
  useNamespaces,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useSectionStyles } from '../pages/useSectionStyles';
import { DEPLOYMENTS, useLinks } from '../routing/K8sLinks';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';
import { ListStaleBanner } from './ListStaleBanner';
import { CreateNamespaceDialog } from './CreateNamespaceDialog';
import { DeleteNamespaceDialog } from './DeleteNamespaceDialog';
import { EditNamespaceDialog } from './EditNamespaceDialog';
import type { Namespace } from './namespaceChanges';
import { rowsWhenRead } from './rowsWhenRead';
import { useNamespaceColumns } from './useNamespaceColumns';

const rowKey = ({ name }: Namespace) => name;
const signature = ({ status, labels }: Namespace) =>
  JSON.stringify([status, labels]);

type OpenDialog =
  | { kind: 'create' }
  | { kind: 'edit' | 'delete'; namespace: Namespace };

/** The namespaces of a cluster; where one may, to create, relabel and delete. */
export function NamespacesTab({ cluster }: { cluster: ClusterDetail }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const links = useLinks();
  const navigate = useNavigate();
  const [search, setSearch] = useUrlState('search');
  const [sort, setSort] = useUrlState('sort');
  const [open, setOpen] = useState<OpenDialog>();
  const { data, error, refetch } = useNamespaces(cluster.id);
  const columns = useNamespaceColumns({
    cluster: cluster.id,
    onEdit: namespace => setOpen({ kind: 'edit', namespace }),
    onDelete: namespace => setOpen({ kind: 'delete', namespace }),
  });
  const rows = useMemo(() => {
    const text = search.toLowerCase();
    const matching = rowsWhenRead(data)?.filter(row =>
      `${row.name} ${JSON.stringify(row.labels)}`.toLowerCase().includes(text),
    );
    return matching && sortRows(matching, { columns, sort: sort || 'name' });
  }, [data, columns, search, sort]);
  const close = () => setOpen(undefined);
  return (
    <div className={classes.stack}>
      <ListStaleBanner cache={data?.cache} cluster={cluster} />
      {error && (
        <ErrorPanel
          error={error}
          what={t('cluster.tabs.namespaces')}
          cluster={cluster.name}
          onRetry={() => refetch()}
        />
      )}
      {!(error && !data) && (
        <ResourceTable
          id="namespaces"
          label={t('cluster.tabs.namespaces')}
          columns={columns}
          rows={rows}
          total={data?.rows.length}
          rowKey={rowKey}
          signature={signature}
          onOpen={({ name }) =>
            navigate(
              links.kind(cluster.id, { ...DEPLOYMENTS, namespace: name }),
            )
          }
          search={search}
          onSearch={setSearch}
          sort={sort || 'name'}
          onSort={setSort}
          onClear={() => setSearch('')}
          actions={
            <GuardedButton
              size="small"
              variant="primary"
              reviews={[
                {
                  action: 'resource.create',
                  cluster: cluster.id,
                  group: '',
                  plural: 'namespaces',
                },
              ]}
              onPress={() => setOpen({ kind: 'create' })}
            >
              {t('namespaces.create')}
            </GuardedButton>
          }
        />
      )}
      {open?.kind === 'create' && (
        <CreateNamespaceDialog cluster={cluster} onClose={close} />
      )}
      {open?.kind === 'edit' && (
        <EditNamespaceDialog
          cluster={cluster}
          namespace={open.namespace}
          onClose={close}
        />
      )}
      {open?.kind === 'delete' && (
        <DeleteNamespaceDialog
          cluster={cluster}
          namespace={open.namespace}
          onClose={close}
        />
      )}
    </div>
  );
}
