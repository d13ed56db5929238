import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { StatusLabel } from '@backstage-k8s/plugin-k8s-react';
import { VisuallyHidden } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { useRegisterStyles } from './useRegisterStyles';

type CheckSteps = Schema<'ClusterCheck'>['steps'];

const STEPS = [
  'read',
  'address',
  'connect',
  'tls',
  'signIn',
  'version',
  'identity',
  'rights',
] as const;

const OUTCOMES = {
  passed: { tone: 'good', words: 'register.outcomePassed' },
  warning: { tone: 'warning', words: 'register.outcomeWarning' },
  failed: { tone: 'bad', words: 'register.outcomeFailed' },
  skipped: { tone: 'neutral', words: 'register.outcomeSkipped' },
  running: { tone: 'progress', words: 'register.outcomeRunning' },
} as const;

/** The steps of a check with reason and what to do; while it runs, what it will try. */
export function CheckList({ steps }: { steps?: CheckSteps }) {
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const rows: { step: CheckSteps[number]['step']; known?: CheckSteps[number] }[] =
    steps?.map(known => ({ step: known.step, known })) ??
    STEPS.map(step => ({ step }));
  return (
    <ol className={classes.checks} aria-busy={!steps}>
      {rows.map(({ step, known }) => {
        const { tone, words } = OUTCOMES[known?.outcome ?? 'running'];
        return (
          <li key={step}>
            <StatusLabel tone={tone} title={t(words)}>
              {t(`register.checkStep.${step}`)}
              <VisuallyHidden>: {t(words)}</VisuallyHidden>
            </StatusLabel>
            <span>{known?.message}</span>
            {known?.fix && (
              <span className={classes.fix}>
                <strong>{t('register.fix')}:</strong> {known.fix}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
