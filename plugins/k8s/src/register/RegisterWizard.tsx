import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { EMPTY_ACCESS, toRequest } from './accessInput';
import type { AccessInput } from './accessInput';
import { problemsOfCheck, problemsOfMessage } from './accessProblems';
import { AccessStep } from './AccessStep';
import { CheckResult } from './CheckResult';
import { NEW_DETAILS, suggestName } from './clusterDetails';
import type { ClusterDetails } from './clusterDetails';
import { DetailsStep } from './DetailsStep';
import { DoneStep } from './DoneStep';
import { useClusterCheck } from './useClusterCheck';
import { useRegisterCluster } from './useRegisterCluster';
import { WizardStep, WizardSteps } from './WizardStep';
import type { WizardStepName } from './WizardStep';

/**
 * Registers a cluster in four steps. What is given lives in this component's state only: it is gone when the page is left, the
 * access already when the cluster is registered.
 */
export function RegisterWizard() {
  const { t } = useTranslationRef(k8sTranslationRef);
  const [step, setStep] = useState<WizardStepName>('access');
  const [wasMoved, setMoved] = useState(false);
  const [access, setAccess] = useState(EMPTY_ACCESS);
  const [details, setDetails] = useState(NEW_DETAILS);
  const [cluster, setCluster] = useState<Schema<'Cluster'>>();
  const check = useClusterCheck();
  const register = useRegisterCluster();

  const go = (next: WizardStepName) => {
    setMoved(true);
    setStep(next);
  };
  const changeAccess = (next: AccessInput) => {
    check.reset();
    register.forget();
    setAccess(next);
  };
  const changeDetails = (change: Partial<ClusterDetails>) => {
    register.forget();
    setDetails(known => ({ ...known, ...change }));
  };
  const runCheck = (change?: Partial<AccessInput>) => {
    const next = { ...access, ...change };
    changeAccess(next);
    go('check');
    check.mutate(toRequest(next), {
      onSuccess: ({ context }) => {
        const name = suggestName(context);
        setDetails(known => (known.name ? known : { ...known, name }));
      },
    });
  };
  const runRegister = () =>
    register.mutate(
      { access: toRequest(access), details },
      {
        onSuccess: registered => {
          changeAccess(EMPTY_ACCESS);
          setDetails(NEW_DETAILS);
          setCluster(registered);
          go('done');
        },
      },
    );

  const problems = check.error
    ? problemsOfMessage(check.error.message)
    : problemsOfCheck(check.data, access.way);
  const title =
    step === 'done' && cluster
      ? t('register.doneTitle', { name: cluster.name })
      : undefined;
  return (
    <>
      <WizardSteps step={step} />
      <WizardStep key={step} step={step} title={title} takesFocus={wasMoved}>
        {step === 'access' && (
          <AccessStep
            access={access}
            problems={problems}
            onChange={changeAccess}
            onNext={() => runCheck()}
          />
        )}
        {step === 'check' && (
          <CheckResult
            access={access}
            run={check}
            onCheck={runCheck}
            onBack={change => {
              if (change) changeAccess({ ...access, ...change });
              go('access');
            }}
            onNext={() => go('details')}
          />
        )}
        {step === 'details' && (
          <DetailsStep
            details={details}
            run={register}
            onEdit={changeDetails}
            onBack={() => go('check')}
            onRegister={runRegister}
          />
        )}
        {step === 'done' && cluster && (
          <DoneStep cluster={cluster} onAnother={() => go('access')} />
        )}
      </WizardStep>
    </>
  );
}
