import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ErrorPanel,
  ResourceTable,
  useAudit,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import { useCallback, useMemo } from 'react';
import type { AuditEntry } from '../audit/auditFilter';
import { ChangeDetails } from '../audit/ChangeDetails';
import { useChangeColumns } from '../audit/useChangeColumns';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ObjectTabProps } from './ObjectTabContent';

const rowKey = ({ id }: AuditEntry) => id;

/** What was done to an object through the portal, or was refused, newest first. */
export function ObjectHistory({ cluster, target }: ObjectTabProps) {
  const { group, plural, namespace, name } = target;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [opened, setOpened] = useUrlState('entry');
  // The audit is searched by name; others have that name too, or have it in theirs.
  const filter = useMemo(
    () => ({ cluster: cluster.id, search: name }),
    [cluster.id, name],
  );
  const audit = useAudit(filter);
  const entries = useMemo(
    () =>
      audit.data?.pages
        .flatMap(page => page.entries)
        .filter(
          ({ resource }) =>
            resource?.name === name &&
            resource.plural === plural &&
            (resource.group ?? '') === group &&
            resource.namespace === namespace,
        ),
    [audit.data, group, plural, namespace, name],
  );
  const toggle = useCallback(
    ({ id }: AuditEntry) => setOpened(id === opened ? '' : id),
    [opened, setOpened],
  );
  const columns = useChangeColumns({
    withCluster: false,
    opened,
    onToggle: toggle,
  });
  if (audit.error && !entries) {
    return (
      <ErrorPanel
        error={audit.error}
        what={t('changes.title')}
        cluster={cluster.name}
        onRetry={() => audit.refetch()}
      />
    );
  }
  const isWhole = !audit.hasNextPage;
  if (entries?.length === 0 && isWhole) {
    return <p className={classes.quiet}>{t('object.noHistory')}</p>;
  }
  return (
    <ResourceTable
      id="object-history"
      label={t('object.tabs.history')}
      columns={columns.filter(({ id }) => id !== 'where')}
      rows={entries}
      rowKey={rowKey}
      selectedKey={opened}
      onOpen={toggle}
      details={entry => <ChangeDetails entry={entry} />}
      onMore={isWhole ? undefined : () => audit.fetchNextPage()}
      plain
    />
  );
}
