import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { K8sApiError } from '../data/K8sApiError';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { ClusterRuns } from './ClusterRuns';
import type { PlannedChange } from './PlannedChange';
import { isUnsure } from './usePlanRun';
import type { PlanRun } from './usePlanRun';
import { usePlanStyles } from './usePlanStyles';

const CONFLICT = 409;

const OUTCOMES = {
  done: { status: 'success', words: 'plan.succeeded' },
  deployed: { status: 'success', words: 'plan.deployed' },
  pending: { status: 'info', words: 'plan.pending' },
  failed: { status: 'danger', words: 'plan.failed' },
} as const;

function Failure({ error }: { error: Error }) {
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const isConflict = error instanceof K8sApiError && error.status === CONFLICT;
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={t('plan.refused')}
      description={
        <>
          {error.message} {isConflict && t('plan.conflict')}{' '}
          {isUnsure(error) ? t('plan.unsure') : t('plan.nothingChanged')}
        </>
      }
    />
  );
}

/** How a change goes, and how it went. */
export function PlanOutcome(props: {
  change: PlannedChange;
  run: PlanRun;
  /** Of a change of many: those that it is made on. */
  clusters?: readonly { id: string; name: string }[];
}) {
  const { change, run, clusters } = props;
  const classes = usePlanStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const outcome = run.data && OUTCOMES[run.data.status];
  return (
    <div className={classes.stack}>
      {run.isPending && (
        <Alert
          role="status"
          status="info"
          isPending
          title={t('plan.running')}
        />
      )}
      {run.error && !clusters && <Failure error={run.error} />}
      {run.error && clusters && (
        <Alert
          role="alert"
          status="danger"
          icon
          title={t('plan.notEverywhere')}
        />
      )}
      {clusters && (
        <ClusterRuns
          clusters={clusters}
          runs={run.runs}
          after={change.everywhere?.after}
        />
      )}
      {outcome && (
        <Alert
          role="status"
          status={outcome.status}
          icon
          title={t(outcome.words)}
          description={run.data?.reason}
        />
      )}
      {!run.error && !clusters && change.progress}
    </div>
  );
}
