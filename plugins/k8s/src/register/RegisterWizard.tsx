import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { useState } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { AccessForm } from './AccessForm';
import { EMPTY_ACCESS, isComplete, toRequest } from './accessInput';
import { CheckSteps } from './CheckSteps';
import { DetailsForm, NEW_DETAILS } from './DetailsForm';
import { RegisteredCluster } from './RegisteredCluster';
import { useClusterCheck } from './useClusterCheck';
import { useRegisterCluster } from './useRegisterCluster';
import { WizardSteps } from './WizardSteps';
import type { WizardStep } from './WizardSteps';

/**
 * Registers a cluster in four steps. What is pasted lives in this component's state only; leaving the page, or having
 * registered, drops it.
 */
export function RegisterWizard({ canRegister }: { canRegister: boolean }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [step, setStep] = useState<WizardStep>('access');
  const [access, setAccess] = useState(EMPTY_ACCESS);
  const [details, setDetails] = useState(NEW_DETAILS);
  const [cluster, setCluster] = useState<Schema<'Cluster'>>();
  const check = useClusterCheck();
  const register = useRegisterCluster();

  const runCheck = () => {
    setStep('check');
    check.mutate(toRequest(access));
  };
  const runRegister = () =>
    register.mutate(
      { access: toRequest(access), details },
      {
        onSuccess: registered => {
          setCluster(registered);
          setAccess(EMPTY_ACCESS);
          check.reset();
          setStep('done');
        },
      },
    );

  if (step === 'done' && cluster) {
    return (
      <div className={classes.stack}>
        <WizardSteps step={step} />
        <RegisteredCluster cluster={cluster} />
      </div>
    );
  }
  return (
    <div className={classes.stack}>
      <WizardSteps step={step} />
      {step === 'access' && (
        <>
          <AccessForm
            access={access}
            onChange={setAccess}
            contexts={check.data?.contexts}
          />
          <div className={classes.buttons}>
            <Button
              variant="primary"
              isDisabled={!canRegister || !isComplete(access)}
              onPress={runCheck}
            >
              {t('register.check')}
            </Button>
          </div>
        </>
      )}
      {step === 'check' && (
        <>
          {check.isPending && (
            <Alert
              role="status"
              status="info"
              isPending
              title={t('register.checking')}
            />
          )}
          {check.error && (
            <Alert
              role="alert"
              status="danger"
              icon
              title={t('register.checkBroke')}
              description={check.error.message}
            />
          )}
          {check.data && (
            <Alert
              role="status"
              status={check.data.ok ? 'success' : 'danger'}
              icon
              title={
                check.data.ok
                  ? t('register.checkPassed')
                  : t('register.checkFailed')
              }
              description={[check.data.server, check.data.version]
                .filter(Boolean)
                .join(' · ')}
            />
          )}
          {check.data && <CheckSteps check={check.data} />}
          <div className={classes.buttons}>
            {check.data?.ok ? (
              <Button variant="primary" onPress={() => setStep('details')}>
                {t('register.next')}
              </Button>
            ) : (
              <Button
                variant="primary"
                isPending={check.isPending}
                onPress={runCheck}
              >
                {t('register.checkAgain')}
              </Button>
            )}
            <Button variant="secondary" onPress={() => setStep('access')}>
              {check.data?.contexts && check.data.contexts.length > 1
                ? t('register.otherContext')
                : t('common.back')}
            </Button>
          </div>
        </>
      )}
      {step === 'details' && (
        <>
          {register.problem && (
            <Alert
              role="alert"
              status="danger"
              icon
              title={t('register.refused')}
              description={register.problem}
            />
          )}
          <DetailsForm
            details={details}
            onChange={setDetails}
            nameError={register.nameError}
          />
          <div className={classes.buttons}>
            <Button
              variant="primary"
              isPending={register.isPending}
              isDisabled={details.name.trim() === ''}
              onPress={runRegister}
            >
              {t('register.register')}
            </Button>
            <Button variant="secondary" onPress={() => setStep('check')}>
              {t('common.back')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
