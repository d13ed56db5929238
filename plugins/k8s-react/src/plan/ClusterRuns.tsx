import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { StatusLabel } from '../components/StatusLabel';
import type { StatusTone } from '../components/StatusLabel';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import type { ChangeEverywhere } from './PlannedChange';
import { isUnsure } from './usePlanRun';
import type { ClusterRun } from './usePlanRun';
import { usePlanStyles } from './usePlanStyles';

const TONES: Record<ClusterRun['state'], StatusTone> = {
  running: 'progress',
  done: 'good',
  failed: 'bad',
};

/** How a change goes on each of its clusters. */
export function ClusterRuns(props: {
  clusters: readonly { id: string; name: string }[];
  runs: ReadonlyMap<string, ClusterRun>;
  after?: ChangeEverywhere['after'];
}) {
  const { clusters, runs, after } = props;
  const classes = usePlanStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const wordsOf = (run: ClusterRun) => {
    switch (run.state) {
      case 'running':
        return t('plan.runningHere');
      case 'done':
        return t('plan.doneHere');
      default:
        return `${run.error.message} ${
          isUnsure(run.error) ? t('plan.unsure') : t('plan.nothingChanged')
        }`;
    }
  };
  return (
    <ul
      className={classes.clusters}
      aria-label={t('plan.clusters')}
      aria-live="polite"
    >
      {clusters.map(({ id, name }) => {
        const run = runs.get(id);
        return (
          <li key={id}>
            <div className={classes.cluster}>
              <span className={classes.clusterName}>{name}</span>
              <span className={classes.clusterState}>
                {run?.state === 'done' && after?.(id)}
                <StatusLabel tone={run ? TONES[run.state] : 'neutral'} wrap>
                  {run ? wordsOf(run) : t('plan.waiting')}
                </StatusLabel>
              </span>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
