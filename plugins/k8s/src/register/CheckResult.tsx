import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ErrorPanel } from '@backstage-k8s/plugin-k8s-react';
import { Alert, Button } from '@backstage/ui';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { AccessInput } from './accessInput';
import { CheckSteps } from './CheckSteps';
import { ContextSelect } from './KubeconfigFields';
import { readContexts } from './readContexts';
import { SkipTlsOffer } from './SkipTlsOffer';
import type { ClusterCheckRun } from './useClusterCheck';
import { useRegisterStyles } from './useRegisterStyles';

type ClusterCheck = Schema<'ClusterCheck'>;
type CheckStep = ClusterCheck['steps'][number];

/** Steps whose failure a service account of one's own mends, where there is a remedy at all. */
const MENDED_BY_ACCOUNT = ['signIn', 'identity', 'rights'];

function isMendedByAccount({ step, message, fix }: CheckStep): boolean {
  // Such as a kubeconfig that runs a program to get its token.
  const isAdvised = step === 'read' && /\bservice account\b/.test(message);
  return isAdvised || (Boolean(fix) && MENDED_BY_ACCOUNT.includes(step));
}

function verdictOf({ ok, steps }: ClusterCheck) {
  if (!ok) return { status: 'danger', words: 'register.checkFailed' } as const;
  return steps.some(({ outcome }) => outcome === 'warning')
    ? ({ status: 'warning', words: 'register.checkWarned' } as const)
    : ({ status: 'success', words: 'register.checkPassed' } as const);
}

function Verdict({ check }: { check: ClusterCheck }) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { status, words } = verdictOf(check);
  const { server, context, version } = check;
  const known = [context, server, version && `Kubernetes ${version}`];
  return (
    <Alert
      role="status"
      status={status}
      icon
      title={t(words)}
      description={known.filter(Boolean).join(' · ')}
    />
  );
}

/** How the check went, step by step, and what can be done about what failed. */
export function CheckResult(props: {
  access: AccessInput;
  run: Pick<ClusterCheckRun, 'data' | 'error' | 'isPending'>;
  onCheck: (change?: Partial<AccessInput>) => void;
  onBack: (change?: Partial<AccessInput>) => void;
  onNext: () => void;
}) {
  const { access, run, onCheck, onBack, onNext } = props;
  const classes = useRegisterStyles();
  const { t } = useTranslationRef(k8sTranslationRef);
  const { data: check, error, isPending } = run;
  const failed = check?.steps.find(({ outcome }) => outcome === 'failed');
  const { current } = readContexts(access.kubeconfig);
  const context = check?.context ?? '';
  return (
    <>
      {isPending && (
        <Alert
          role="status"
          status="info"
          isPending
          title={t('register.checkRunning')}
        />
      )}
      {error && (
        <ErrorPanel
          error={error}
          what={t('register.checkUnanswered')}
          onRetry={() => onCheck()}
        />
      )}
      {check && <Verdict check={check} />}
      {check && (
        <ContextSelect
          names={check.contexts ?? []}
          current={current}
          value={context === current ? '' : context}
          onChange={other => onCheck({ context: other, skipTlsVerify: false })}
        />
      )}
      {!error && <CheckSteps check={check} />}
      {failed?.code === 'certificate' && !access.skipTlsVerify && (
        <SkipTlsOffer onAccept={() => onCheck({ skipTlsVerify: true })} />
      )}
      <div className={classes.buttons}>
        {check?.ok && (
          <Button variant="primary" onPress={onNext}>
            {t('register.next')}
          </Button>
        )}
        {failed && isMendedByAccount(failed) && (
          <Button variant="primary" onPress={() => onBack({ way: 'manifest' })}>
            {t('register.makeAccount')}
          </Button>
        )}
        <Button variant="secondary" onPress={() => onBack()}>
          {t('register.changeAccess')}
        </Button>
        {check && (
          <Button variant="secondary" onPress={() => onCheck()}>
            {t('register.checkAgain')}
          </Button>
        )}
      </div>
    </>
  );
}
