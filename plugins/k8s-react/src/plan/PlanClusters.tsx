import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Checkbox } from '@backstage/ui';
import { StatusLabel } from '../components/StatusLabel';
import { DiffView } from '../diff/DiffView';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import type { ClusterPlans } from './PlannedChange';
import { usePlanStyles } from './usePlanStyles';

/** Of a cluster that does not have the object. */
const NOT_FOUND = 404;
/** Of a refusal: a role is missing. */
const FORBIDDEN = 403;

/** The clusters that have the object, what the change would do on each, and which of them it is made on. */
export function PlanClusters(props: {
  plans: ClusterPlans;
  /** Ids of the clusters that were taken out. */
  leftOut: ReadonlySet<string>;
  onLeaveOut: (leftOut: ReadonlySet<string>) => void;
}) {
  const { plans, leftOut, onLeaveOut } = props;
  const { items, errors } = plans;
  const classes = usePlanStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const without = errors.filter(({ status }) => status === NOT_FOUND);
  const refused = errors.filter(({ status }) => status !== NOT_FOUND);
  const choose = (cluster: string, isChosen: boolean) => {
    const next = new Set(leftOut);
    if (isChosen) next.delete(cluster);
    else next.add(cluster);
    onLeaveOut(next);
  };
  const summaryOf = (plan: ClusterPlans['items'][number]['plan']) => {
    if (!plan) return t('plan.unseen');
    return plan.after === null
      ? t('plan.goes')
      : t('plan.fields', { count: plan.changes.length });
  };
  return (
    <>
      {items.length === 0 && (
        <Alert role="alert" status="warning" icon title={t('plan.nowhere')} />
      )}
      <ul className={classes.clusters} aria-label={t('plan.clusters')}>
        {items.map(({ cluster, plan }, index) => (
          <li key={cluster.id}>
            <div className={classes.cluster}>
              <Checkbox
                isSelected={!leftOut.has(cluster.id)}
                onChange={isChosen => choose(cluster.id, isChosen)}
              >
                {cluster.name}
              </Checkbox>
              <span className={classes.quiet}>{summaryOf(plan)}</span>
            </div>
            {plan && plan.warnings.length > 0 && (
              <div className={classes.note}>
                <StatusLabel tone="warning" wrap>
                  {plan.warnings.join(' ')}
                </StatusLabel>
              </div>
            )}
            {plan && (
              // The first one: the others are alike more often than not.
              <details className={classes.note} open={index === 0}>
                <summary>
                  {t(plan.after === null ? 'plan.goingOn' : 'plan.difference', {
                    cluster: cluster.name,
                  })}
                </summary>
                <DiffView
                  before={plan.before}
                  after={plan.after}
                  changes={plan.changes}
                />
              </details>
            )}
          </li>
        ))}
        {refused.map(({ cluster, error, status }) => (
          <li key={cluster.id}>
            <div className={classes.cluster}>
              <Checkbox isSelected={false} isDisabled>
                {cluster.name}
              </Checkbox>
              <StatusLabel tone={status === FORBIDDEN ? 'bad' : 'away'} wrap>
                {error}
              </StatusLabel>
            </div>
          </li>
        ))}
      </ul>
      {without.length > 0 && (
        <div className={classes.quiet}>
          {t('plan.without', {
            clusters: without.map(({ cluster }) => cluster.name).join(', '),
          })}
        </div>
      )}
    </>
  );
}
