import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { RelativeTime } from '@backstage-k8s/plugin-k8s-react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { isWell, mainVersion, servingRevision } from './deploymentFacts';
import type { DeploymentDetail } from './deploymentFacts';

const ALERTS = {
  complete: 'warning',
  progressing: 'info',
  stuck: 'danger',
  paused: 'warning',
  scaledDown: 'info',
} as const;

/** In one sentence: how many are ready, since when and why not, and what to do; one quiet line when all is well. */
export function DeploymentWhy({ detail }: { detail: DeploymentDetail }) {
  const { rollout, ready, replicas, revisions } = detail;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const counts = { ready: String(ready), replicas: String(replicas) };
  if (isWell(detail)) {
    return (
      <p className={classes.quiet} style={{ margin: 0 }}>
        {t('deployments.allReady', counts)} {mainVersion(detail.containers)}
        {rollout.since && ' · '}
        {rollout.since && <RelativeTime at={rollout.since} />}
      </p>
    );
  }
  const serving = servingRevision(revisions);
  return (
    <Alert
      role="status"
      status={ALERTS[rollout.state]}
      icon
      title={
        <>
          {t(`rollout.sentence.${rollout.state}`)}
          {rollout.since && (
            <>
              {' · '}
              <RelativeTime at={rollout.since} format="duration" />
            </>
          )}
          {' · '}
          {t('deployments.someReady', counts)}
          {serving &&
            `, ${t('deployments.stillOn', {
              version: mainVersion(serving.containers),
            })}`}
        </>
      }
      description={
        <>
          {rollout.reason && `${rollout.reason} `}
          {rollout.advice}
        </>
      }
    />
  );
}
