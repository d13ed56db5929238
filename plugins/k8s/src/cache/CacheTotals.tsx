import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { formatBytes, QUIET_COLOR } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { CachedClusterRow, CacheReport } from './CacheRow';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: 'var(--bui-space-3) var(--bui-space-6)',
    margin: 0,
    '& dt': { color: QUIET_COLOR },
    '& dd': {
      margin: 0,
      fontSize: 'var(--bui-font-size-5)',
      fontWeight: 600,
    },
    '& small': {
      marginInlineStart: 6,
      fontSize: 'var(--bui-font-size-2)',
      fontWeight: 400,
      color: QUIET_COLOR,
    },
  },
});

const SECONDS = { minute: 60, hour: 3_600, day: 86_400 };

/** A time that something has been running for, in its largest unit. */
function useDuration(seconds: number): string {
  const { t } = useTranslationRef(k8sTranslationRef);
  const amount = (unit: number) => String(Math.floor(seconds / unit));
  if (seconds < SECONDS.hour) {
    return t('cache.minutes', { amount: amount(SECONDS.minute) });
  }
  return seconds < 2 * SECONDS.day
    ? t('cache.hours', { amount: amount(SECONDS.hour) })
    : t('cache.days', { amount: amount(SECONDS.day) });
}

/** What all caches of the instance hold and cost together. */
export function CacheTotals(props: {
  report: CacheReport;
  clusters: readonly CachedClusterRow[];
}) {
  const { report, clusters } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const { history, kinds, memory, process } = report;
  const up = useDuration(process.upSeconds);
  const sum = (value: (row: CachedClusterRow) => number) =>
    clusters.reduce((total, row) => total + value(row), 0);
  const amounts = [
    [t('cache.kinds'), kinds.length.toLocaleString()],
    [t('cache.objects'), sum(row => row.objects).toLocaleString()],
    [t('cache.calls'), sum(row => row.callsPerMinute).toLocaleString()],
    [t('cache.process'), formatBytes(process.memoryBytes)],
    [t('cache.up'), up],
  ];
  return (
    <dl className={classes.root} aria-label={t('cache.title')}>
      {amounts.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{t('cache.memory')}</dt>
        <dd>
          {formatBytes(memory.usedBytes)}
          <small>
            {t('cache.ceiling', { amount: formatBytes(memory.ceilingBytes) })}
          </small>
          {memory.droppedBodies > 0 && (
            <small>
              {t('cache.droppedBodies', {
                amount: memory.droppedBodies.toLocaleString(),
              })}
            </small>
          )}
          {memory.droppedKinds > 0 && (
            <small>
              {t('cache.droppedKinds', {
                amount: memory.droppedKinds.toLocaleString(),
              })}
            </small>
          )}
        </dd>
      </div>
      <div>
        <dt>{t('cache.recorded')}</dt>
        <dd>
          {history.recorded.toLocaleString()}
          {history.waiting > 0 && (
            <small>
              {t('cache.waiting', { amount: history.waiting.toLocaleString() })}
            </small>
          )}
          {history.dropped > 0 && (
            <small>
              {t('cache.dropped', { amount: history.dropped.toLocaleString() })}
            </small>
          )}
        </dd>
      </div>
    </dl>
  );
}
