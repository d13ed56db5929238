import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { StatusLabel } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { useRegisterStyles } from './useRegisterStyles';

type CheckStep = Schema<'ClusterCheck'>['steps'][number];

/** What is tried, in this order. */
const STEPS: readonly CheckStep['step'][] = [
  'read',
  'address',
  'connect',
  'tls',
  'signIn',
  'version',
  'identity',
  'rights',
];

const TONES = {
  passed: 'good',
  warning: 'warning',
  failed: 'bad',
  skipped: 'paused',
} as const;

/** The steps of a check, each with its outcome and, where it did not pass, what to do; absent: it runs. */
export function CheckSteps({ check }: { check?: Schema<'ClusterCheck'> }) {
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const rows: (Pick<CheckStep, 'step'> & Partial<CheckStep>)[] =
    check?.steps ?? STEPS.map(step => ({ step }));
  return (
    <ol className={classes.checks} aria-busy={!check}>
      {rows.map(({ step, outcome, message, fix }) => (
        <li key={step}>
          <strong>{t(`register.checkStep.${step}`)}</strong>
          {outcome ? (
            <StatusLabel tone={TONES[outcome]}>
              {t(`register.outcome.${outcome}`)}
            </StatusLabel>
          ) : (
            <StatusLabel tone="progress">
              {t('register.outcomeRunning')}
            </StatusLabel>
          )}
          <span>
            {outcome !== 'skipped' && message}
            {fix && (
              <span className={classes.fix}>
                <strong>{t('register.fix')}:</strong> {fix}
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
