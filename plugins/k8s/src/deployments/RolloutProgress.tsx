import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useDeployment } from '@backstage-k8s/plugin-k8s-react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { DeploymentDialogProps } from './deploymentChanges';
import { RolloutLabel } from './RolloutLabel';

/** How far the rollout of a deployment is, live. */
export function RolloutProgress(
  props: Pick<DeploymentDialogProps, 'detail' | 'cluster'>,
) {
  const { detail, cluster } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const { data = detail } = useDeployment(cluster.id, detail);
  return (
    <p className={classes.buttons}>
      <span>
        {t('deployments.someReady', {
          ready: String(data.ready),
          replicas: String(data.replicas),
        })}
      </span>
      <RolloutLabel rollout={data.rollout} />
    </p>
  );
}
