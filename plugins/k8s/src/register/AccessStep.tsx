import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { AccessForm } from './AccessForm';
import { isComplete, missingFields, missingOfStrategy } from './accessInput';
import type { AccessInput } from './accessInput';
import type { AccessProblems } from './accessProblems';
import { useRegisterStyles } from './useRegisterStyles';

const MISSING = {
  kubeconfig: 'register.missingKubeconfig',
  server: 'register.missingServer',
  token: 'register.missingToken',
} as const;

/** How the portal reaches the cluster and signs in to it. */
export function AccessStep(props: {
  access: AccessInput;
  problems: AccessProblems;
  onChange: (access: AccessInput) => void;
  onNext: () => void;
}) {
  const { access, onChange, onNext } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const [triedWay, setTriedWay] = useState<string>();
  const way = `${access.way} ${access.strategy?.id}`;
  const problems: AccessProblems = { ...props.problems };
  if (triedWay === way) {
    for (const field of missingFields(access)) {
      problems[field] = t(MISSING[field]);
    }
    const missing = missingOfStrategy(access).map(name => [
      name,
      t('register.missingField'),
    ]);
    problems.fields = { ...problems.fields, ...Object.fromEntries(missing) };
  }
  return (
    <form
      className={classes.stack}
      autoComplete="off"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        setTriedWay(way);
        if (access.way !== 'manifest' && isComplete(access)) onNext();
      }}
    >
      <AccessForm access={access} problems={problems} onChange={onChange} />
      {access.way !== 'manifest' && (
        <div className={classes.buttons}>
          <Button type="submit" variant="primary">
            {t('register.next')}
          </Button>
        </div>
      )}
    </form>
  );
}
