import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import { RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceColumn } from '@backstage-k8s/plugin-k8s-react';
import { useMemo } from 'react';
import { OutcomeLabel } from '../audit/OutcomeLabel';
import { RowToggle } from '../audit/RowToggle';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { historyDetailsId } from './HistoryDetails';
import type { HistoryEntry } from './HistoryEntry';
import { HistoryOrigin, HistoryWho } from './HistoryWho';
import { useDescribeHistory } from './useDescribeHistory';

/** The columns of an object's history. */
export function useHistoryColumns(options: {
  /** Id of the entry whose details are shown; empty: none. */
  opened: string;
  onToggle: (entry: HistoryEntry) => void;
}): ResourceColumn<HistoryEntry>[] {
  const { opened, onToggle } = options;
  const { t } = useTranslationRef(k8sTranslationRef);
  const describe = useDescribeHistory();
  return useMemo(
    () => [
      {
        id: 'at',
        title: t('changes.when'),
        weight: 1.3,
        phone: true,
        cell: entry => (
          <>
            <RowToggle
              isOpen={entry.id === opened}
              detailsId={historyDetailsId(entry)}
              label={t('changes.showDetails', { what: describe(entry) })}
              onToggle={() => onToggle(entry)}
            />
            {entry.notBefore && (
              <span title={t('history.unseen')}>
                <span aria-hidden>≤ </span>
                <VisuallyHidden>{t('history.unseen')}: </VisuallyHidden>
              </span>
            )}
            <RelativeTime at={entry.at} />
          </>
        ),
      },
      {
        id: 'what',
        title: t('history.what'),
        weight: 4.5,
        phone: true,
        cell: entry => {
          const words = describe(entry);
          const { audit } = entry;
          return audit && audit.outcome !== 'succeeded' ? (
            <OutcomeLabel outcome={audit.outcome} reason={words} />
          ) : (
            <span title={words}>{words}</span>
          );
        },
      },
      {
        id: 'who',
        title: t('changes.who'),
        weight: 1.7,
        cell: entry => <HistoryWho entry={entry} />,
      },
      {
        id: 'origin',
        title: t('history.from'),
        weight: 1.2,
        cell: entry => <HistoryOrigin entry={entry} />,
      },
    ],
    [t, describe, opened, onToggle],
  );
}
