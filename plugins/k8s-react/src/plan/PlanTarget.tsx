import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import type { PlannedChange } from './PlannedChange';
import { usePlanStyles } from './usePlanStyles';

/** What a change is about. */
export function PlanTarget(props: {
  target: PlannedChange['target'];
  /** On every cluster that has it, not only on that of the target. */
  isEverywhere: boolean;
}) {
  const { cluster, namespace, name } = props.target;
  const classes = usePlanStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const rows = [
    [
      t('plan.cluster'),
      props.isEverywhere ? t('plan.allThatHaveIt') : cluster.name,
    ],
    [t('plan.namespace'), namespace],
    [t('plan.name'), name === cluster.name ? undefined : name],
  ];
  return (
    <dl className={classes.target}>
      {rows.map(
        ([term, value]) =>
          value && (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
