import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { usePlanStyles } from './usePlanStyles';

const STEPS = ['plan.what', 'plan.check', 'plan.go'] as const;

/** Where one is in a change. */
export function PlanSteps(props: { step: number; isDone: boolean }) {
  const { step, isDone } = props;
  const classes = usePlanStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  return (
    <ol className={classes.steps}>
      {STEPS.map((words, index) => (
        <li key={words} aria-current={index === step ? 'step' : undefined}>
          {index + 1} {t(words)}
          {(index < step || isDone) && ' ✔'}
        </li>
      ))}
    </ol>
  );
}
