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

function Total(props: {
  term: string;
  amount: string;
  /** What else there is to say of it, quietly. */
  notes?: readonly (string | false)[];
}) {
  const { term, amount, notes = [] } = props;
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        {amount}
        {notes.map(note => note && <small key={note}>{note}</small>)}
      </dd>
    </div>
  );
}

function ProcessTotals(props: Required<Pick<CacheReport, 'process'>>) {
  const { memoryBytes, upSeconds } = props.process;
  const { t } = useTranslationRef(k8sTranslationRef);
  const up = useDuration(upSeconds);
  return (
    <>
      <Total term={t('cache.process')} amount={formatBytes(memoryBytes)} />
      <Total term={t('cache.up')} amount={up} />
    </>
  );
}

function MemoryTotal({ memory }: Required<Pick<CacheReport, 'memory'>>) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { ceilingBytes, usedBytes, droppedBodies, droppedKinds } = memory;
  return (
    <Total
      term={t('cache.usedMemory')}
      amount={formatBytes(usedBytes)}
      notes={[
        t('cache.ceiling', { amount: formatBytes(ceilingBytes) }),
        droppedBodies > 0 &&
          t('cache.droppedBodies', { amount: droppedBodies.toLocaleString() }),
        droppedKinds > 0 &&
          t('cache.droppedKinds', { amount: droppedKinds.toLocaleString() }),
      ]}
    />
  );
}

function HistoryTotal({ history }: Required<Pick<CacheReport, 'history'>>) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { recorded, waiting, dropped } = history;
  return (
    <Total
      term={t('cache.recorded')}
      amount={recorded.toLocaleString()}
      notes={[
        waiting > 0 && t('cache.waiting', { amount: waiting.toLocaleString() }),
        dropped > 0 && t('cache.dropped', { amount: dropped.toLocaleString() }),
      ]}
    />
  );
}

/** What the caches that one administers hold and cost together, and the whole instance for who administers every cluster. */
export function CacheTotals(props: {
  report: CacheReport;
  clusters: readonly CachedClusterRow[];
}) {
  const { report, clusters } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const { history, kinds, memory, process } = report;
  const sum = (value: (row: CachedClusterRow) => number) =>
    clusters.reduce((total, row) => total + value(row), 0).toLocaleString();
  return (
    <dl className={classes.root} aria-label={t('cache.title')}>
      <Total term={t('cache.kinds')} amount={kinds.length.toLocaleString()} />
      <Total term={t('cache.objects')} amount={sum(row => row.objects)} />
      <Total term={t('cache.calls')} amount={sum(row => row.callsPerMinute)} />
      {process && <ProcessTotals process={process} />}
      {memory && <MemoryTotal memory={memory} />}
      {history && <HistoryTotal history={history} />}
    </dl>
  );
}
