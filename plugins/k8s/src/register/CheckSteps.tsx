import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { StatusLabel } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

const TONES = {
  passed: 'good',
  warning: 'warning',
  failed: 'bad',
  skipped: 'paused',
} as const;

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyle: 'none', fontSize: 13 },
  step: {
    display: 'grid',
    gridTemplateColumns: '130px 110px minmax(0, 1fr)',
    gap: 'var(--bui-space-3)',
    padding: '6px 0',
    borderBottom: '1px solid var(--bui-border-1)',
    overflowWrap: 'anywhere',
    '@media (max-width: 700px)': { gridTemplateColumns: '1fr 1fr' },
  },
  fix: { margin: '2px 0 0', fontWeight: 500 },
  skipped: { color: 'var(--bui-fg-secondary)' },
});

/** The steps of a check, each with its outcome, and where it did not pass, what to do. */
export function CheckSteps({ check }: { check: Schema<'ClusterCheck'> }) {
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  return (
    <ol className={classes.list}>
      {check.steps.map(({ step, outcome, message, fix }) => (
        <li
          key={step}
          className={`${classes.step} ${
            outcome === 'skipped' ? classes.skipped : ''
          }`}
        >
          <span>{t(`check.${step}`)}</span>
          <StatusLabel tone={TONES[outcome]}>
            {t(`check.outcome.${outcome}`)}
          </StatusLabel>
          <span>
            {message}
            {fix && <p className={classes.fix}>{fix}</p>}
          </span>
        </li>
      ))}
    </ol>
  );
}
