import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, TextField } from '@backstage/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import { DiffView } from '../diff/DiffView';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { PlanClusters } from './PlanClusters';
import type { ClusterPlans, PlannedChange } from './PlannedChange';
import { isUnsure } from './usePlanRun';
import { usePlanStyles } from './usePlanStyles';

/** What was found out: on the one target, or on each of many clusters; nothing where the API has no dry run. */
export interface PlanFindings {
  one?: Schema<'Plan'>;
  many?: ClusterPlans;
}

/** What a change would do, what the API server warns of, and the typed name where one is asked for. */
export function PlanCheck(props: {
  change: PlannedChange;
  plan: UseQueryResult<PlanFindings, Error>;
  /** Of a change of many: ids of the clusters that were taken out. */
  leftOut: ReadonlySet<string>;
  onLeaveOut: (leftOut: ReadonlySet<string>) => void;
  /** Undefined: none is asked for. */
  typed: string | undefined;
  onType: (typed: string) => void;
}) {
  const { change, plan, leftOut, onLeaveOut, typed, onType } = props;
  const { cluster, name } = change.target;
  const { one, many } = plan.data ?? {};
  const classes = usePlanStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  return (
    <div className={classes.stack}>
      {change.description && <div>{change.description}</div>}
      {plan.isPending && (
        <Alert
          role="status"
          status="info"
          isPending
          title={t('plan.checking')}
        />
      )}
      {plan.error && (
        <Alert
          role="alert"
          status="danger"
          icon
          title={
            isUnsure(plan.error) ? t('plan.notTried') : t('plan.wouldBeRefused')
          }
          description={plan.error.message}
        />
      )}
      {one && (
        <DiffView before={one.before} after={one.after} changes={one.changes} />
      )}
      {one && one.warnings.length > 0 && (
        <Alert
          status="warning"
          icon
          title={t('plan.warnings')}
          description={one.warnings.join(' ')}
        />
      )}
      {many && (
        <PlanClusters plans={many} leftOut={leftOut} onLeaveOut={onLeaveOut} />
      )}
      {plan.isSuccess && change.beside}
      {typed !== undefined && plan.isSuccess && (
        <TextField
          label={
            change.destructive
              ? t('plan.destructive', { name })
              : t('plan.protected', {
                  cluster: many ? t('plan.oneOfThem') : cluster.name,
                  name,
                })
          }
          value={typed}
          onChange={onType}
          autoComplete="off"
          spellCheck="false"
        />
      )}
    </div>
  );
}
