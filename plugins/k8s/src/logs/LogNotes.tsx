import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { EmptyState } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { logsMessages } from './logsMessages';
import type { LogEnding, LogState } from './useLogStream';
import { useLogStyles } from './useLogStyles';

type EndReason = keyof typeof logsMessages.end;

/** Ends after which there is nothing wrong. */
const EXPECTED: readonly string[] = ['ended', 'tokenExpired', 'limit'];

function isKnown(reason: string): reason is EndReason {
  return Object.hasOwn(logsMessages.end, reason);
}

function EndNote(props: { end: LogEnding; onAgain: () => void }) {
  const { end, onAgain } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const { reason, message = '' } = end;
  const key = isKnown(reason) ? reason : 'lost';
  return (
    <Alert
      role="status"
      status={EXPECTED.includes(reason) ? 'info' : 'warning'}
      icon
      title={t(`logs.end.${key}`, { message })}
      customActions={
        <Button size="small" variant="tertiary" onPress={onAgain}>
          {t('logs.again')}
        </Button>
      }
    />
  );
}

/** What there is to say besides the lines: that it ended, which pod cannot be read, why there is nothing. */
export function LogNotes(props: {
  state: LogState;
  isNarrowed: boolean;
  isEmpty: boolean;
  onAgain: () => void;
}) {
  const { state, isNarrowed, isEmpty, onAgain } = props;
  const { pods, omitted, dropped, endings, end } = state;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useLogStyles();
  const failed = endings.filter(({ reason }) => reason === 'failed');
  const ended = endings.filter(({ reason }) => reason !== 'failed');
  return (
    <>
      {end && <EndNote end={end} onAgain={onAgain} />}
      {failed.map(({ pod = '', message = '' }) => (
        <Alert
          key={pod}
          role="status"
          status="warning"
          icon
          title={t('logs.podFailed', { pod, message })}
        />
      ))}
      {!end &&
        ended.map(({ pod = '' }) => (
          <p key={pod} className={classes.note}>
            {t('logs.podEnded', { pod })}
          </p>
        ))}
      {omitted > 0 && (
        <p className={classes.note}>
          {t('logs.omitted', { amount: String(omitted) })}
        </p>
      )}
      {dropped > 0 && <p className={classes.note}>{t('logs.dropped')}</p>}
      {isEmpty && isNarrowed && (
        <p className={classes.note}>{t('logs.noMatch')}</p>
      )}
      {isEmpty && !isNarrowed && failed.length === 0 && (
        <EmptyState title={t('logs.emptyTitle')} description={emptyText()} />
      )}
    </>
  );

  function emptyText(): string {
    if (pods.length === 0) return t('logs.noPods');
    return end ? t('logs.emptyText') : t('logs.emptyFollow');
  }
}
