import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** The steps of registering. */
export const WIZARD_STEPS = ['access', 'check', 'details', 'done'] as const;
/** A step of registering. */
export type WizardStep = (typeof WIZARD_STEPS)[number];

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: 'var(--bui-space-5)',
    margin: 0,
    padding: 0,
    listStyle: 'none',
    color: 'var(--bui-fg-secondary)',
    '& [aria-current]': { color: 'var(--bui-fg-primary)', fontWeight: 600 },
  },
});

/** Where one is in registering a cluster. */
export function WizardSteps({ step }: { step: WizardStep }) {
  const classes = useStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const current = WIZARD_STEPS.indexOf(step);
  return (
    <ol className={classes.root}>
      {WIZARD_STEPS.map((one, index) => (
        <li key={one} aria-current={one === step ? 'step' : undefined}>
          {index + 1} {t(`register.steps.${one}`)}
          {index < current && ' ✔'}
        </li>
      ))}
    </ol>
  );
}
