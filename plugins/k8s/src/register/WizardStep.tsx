import { useTranslationRef } from '@backstage/frontend-plugin-api';
import CheckIcon from '@material-ui/icons/Check';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { useRegisterStyles } from './useRegisterStyles';

/** The steps of the wizard in their order. */
export const WIZARD_STEPS = ['access', 'check', 'details', 'done'] as const;

/** One of {@link WIZARD_STEPS}. */
export type WizardStepName = (typeof WIZARD_STEPS)[number];

/** Where one is in the wizard. */
export function WizardSteps({ step }: { step: WizardStepName }) {
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const current = WIZARD_STEPS.indexOf(step);
  return (
    <ol className={classes.steps} aria-label={t('register.steps')}>
      {WIZARD_STEPS.map((name, index) => {
        const isPast = index < current || step === 'done';
        return (
          <li key={name} aria-current={index === current ? 'step' : undefined}>
            <span className={classes.number}>
              {isPast ? (
                <CheckIcon titleAccess={t('register.stepDone')} />
              ) : (
                index + 1
              )}
            </span>
            {t(`register.${name}`)}
          </li>
        );
      })}
    </ol>
  );
}

/** A step's heading and content. When one comes to it from another step, the heading has the focus. */
export function WizardStep(props: {
  step: WizardStepName;
  /** Shown in place of the step's name. */
  title?: string;
  /** Whether the focus comes here; not when the page has just been opened. */
  takesFocus: boolean;
  children: ReactNode;
}) {
  const { step, title, takesFocus, children } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [step, takesFocus]);
  const name = title ?? t(`register.${step}`);
  return (
    <section className={classes.stack} aria-label={name}>
      <h2
        ref={heading}
        tabIndex={-1}
        className={classes.heading}
        aria-label={t('register.stepNumber', {
          number: String(WIZARD_STEPS.indexOf(step) + 1),
          total: String(WIZARD_STEPS.length),
          name,
        })}
      >
        {name}
      </h2>
      {children}
    </section>
  );
}
