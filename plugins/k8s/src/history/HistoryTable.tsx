import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ErrorPanel,
  ResourceTable,
  useObjectHistory,
  useUrlState,
} from '@backstage-k8s/plugin-k8s-react';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';
import { useCallback, useMemo } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { HistoryDetails } from './HistoryDetails';
import type { HistoryEntry } from './HistoryEntry';
import { RecordingNote } from './RecordingNote';
import { useHistoryColumns } from './useHistoryColumns';

const rowKey = ({ id }: HistoryEntry) => id;

/** What became of an object, and of whom; also of one that is gone. */
export function HistoryTable(props: {
  target: ResourceRef;
  /** Name of the cluster. */
  clusterName: string;
  /** Nothing at all is shown where there is nothing, be it for a fault. */
  quietly?: boolean;
}) {
  const { target, clusterName, quietly } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [opened, setOpened] = useUrlState('entry');
  const history = useObjectHistory(target);
  const pages = history.data?.pages;
  const entries = useMemo(() => pages?.flatMap(page => page.entries), [pages]);
  const toggle = useCallback(
    ({ id }: HistoryEntry) => setOpened(id === opened ? '' : id),
    [opened, setOpened],
  );
  const columns = useHistoryColumns({ opened, onToggle: toggle });
  if (quietly && !entries?.length) return null;
  const recording = pages?.[0].recording;
  const isEmpty = entries?.length === 0;
  return (
    <div className={classes.stack}>
      {history.error && (
        <ErrorPanel
          error={history.error}
          what={t('object.tabs.history')}
          cluster={clusterName}
          onRetry={() =>
            history.isFetchNextPageError
              ? history.fetchNextPage()
              : history.refetch()
          }
        />
      )}
      {recording && <RecordingNote recording={recording} />}
      {isEmpty && <p>{t('object.noHistory')}</p>}
      {!isEmpty && !(history.error && !entries) && (
        <ResourceTable
          id="object-history"
          label={t('object.tabs.history')}
          columns={columns}
          rows={entries}
          rowKey={rowKey}
          selectedKey={opened}
          onOpen={toggle}
          details={entry => (
            <HistoryDetails
              entry={entry}
              cluster={target.cluster}
              name={target.name}
            />
          )}
          onMore={
            history.hasNextPage ? () => history.fetchNextPage() : undefined
          }
          plain
        />
      )}
    </div>
  );
}
