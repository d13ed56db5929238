import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { Recording } from './HistoryEntry';

/** Milliseconds after which a time of recording has ended: instances note every few seconds that it goes on. */
const ENDED_MS = 120_000;

const exact = (at: string) => new Date(at).toLocaleString();

/** Says what is recorded of a kind and since when, so that nobody takes a gap for quiet. */
export function RecordingNote({ recording }: { recording: Recording }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { quiet } = useSectionStyles();
  const { always, kept, retentionDays, spans } = recording;
  if (kept === 'none') {
    return (
      <p className={quiet}>
        {t(retentionDays === 0 ? 'history.off' : 'history.fleeting')}
      </p>
    );
  }
  const [last] = spans;
  // The last time is what says whether to look elsewhere.
  const gap = spans.find(({ dropped }) => dropped)?.dropped;
  const isGoingOn = last && Date.now() - Date.parse(last.to) < ENDED_MS;
  return (
    <p className={quiet} role="note">
      {!last && t(always ? 'history.notYetAlways' : 'history.notYet')}
      {last && isGoingOn && (
        <>
          {t('history.since')} <RelativeTime at={last.from} format="duration" />{' '}
          ·
        </>
      )}
      {last && !isGoingOn && (
        <>
          {t('history.until')} <RelativeTime at={last.to} /> ·
        </>
      )}{' '}
      {spans.length > 1 && t(always ? 'history.gapsAlways' : 'history.gaps')}{' '}
      {gap &&
        t('history.dropped', { from: exact(gap.from), to: exact(gap.to) })}{' '}
      {t('history.kept', { count: retentionDays })}{' '}
      {kept === 'keys' && t('history.keysOnly')}
    </p>
  );
}
