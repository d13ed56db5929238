import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, TextField } from '@backstage/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import { DiffView } from '../diff/DiffView';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import type { PlannedChange } from './PlannedChange';
import { isUnsure } from './usePlanRun';
import { usePlanStyles } from './usePlanStyles';

/** What a change would do, what the API server warns of, and the typed name where one is asked for. */
export function PlanCheck(props: {
  change: PlannedChange;
  plan: UseQueryResult<Schema<'Plan'> | null, Error>;
  /** Undefined: none is asked for. */
  typed: string | undefined;
  onType: (typed: string) => void;
}) {
  const { change, plan, typed, onType } = props;
  const { cluster, name } = change.target;
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
      {plan.data && (
        <DiffView
          before={plan.data.before}
          after={plan.data.after}
          changes={plan.data.changes}
        />
      )}
      {plan.data && plan.data.warnings.length > 0 && (
        <Alert
          status="warning"
          icon
          title={t('plan.warnings')}
          description={plan.data.warnings.join(' ')}
        />
      )}
      {plan.isSuccess && change.beside}
      {typed !== undefined && plan.isSuccess && (
        <TextField
          label={
            change.destructive
              ? t('plan.destructive', { name })
              : t('plan.protected', { cluster: cluster.name, name })
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
