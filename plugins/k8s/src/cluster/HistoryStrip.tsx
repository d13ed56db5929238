import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { HISTORY_MS, historySpans } from './historySpans';

const HEIGHT = 14;
const WIDTH = 700;
/** What can still be seen, in the drawing's units. */
const NARROWEST = 5;

const useStyles = makeStyles({
  root: { display: 'block', width: '100%', height: HEIGHT },
  healthy: { fill: 'var(--bui-fg-positive)', opacity: 0.45 },
  degraded: { fill: 'var(--bui-fg-warning)' },
  unhealthy: { fill: 'var(--bui-fg-negative)' },
  unreachable: { fill: 'var(--bui-fg-negative)' },
  unknown: {
    fill: 'color-mix(in srgb, var(--bui-fg-primary) 20%, transparent)',
  },
});

// Trouble is also taller, so that it can be told without colours.
const HEIGHTS = {
  healthy: 6,
  degraded: 10,
  unhealthy: HEIGHT,
  unreachable: HEIGHT,
  unknown: 2,
};

/** A component's last seven days as one strip; what it was when, on hover. */
export function HistoryStrip(props: {
  component: string;
  status: Schema<'HealthStatus'>;
  history: Schema<'ClusterHealth'>['history'];
}) {
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const now = Date.now();
  const spans = historySpans(props.history, { ...props, now });
  const troubles = spans.filter(
    ({ status }) => status && status !== 'healthy',
  ).length;
  const x = (at: number) => WIDTH - ((now - at) / HISTORY_MS) * WIDTH;
  return (
    <svg
      className={classes.root}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('cluster.historyLabel', { amount: String(troubles) })}
    >
      {spans.map(({ from, to, status = 'unknown', message }) => {
        const height = HEIGHTS[status];
        return (
          <rect
            key={from}
            className={classes[status]}
            x={Math.min(x(from), WIDTH - NARROWEST)}
            y={HEIGHT - height}
            width={Math.max(x(to) - x(from) - 1, NARROWEST)}
            height={height}
          >
            <title>
              {`${status} · ${new Date(from).toLocaleString()} – ${new Date(
                to,
              ).toLocaleString()}${message ? `\n${message}` : ''}`}
            </title>
          </rect>
        );
      })}
    </svg>
  );
}
