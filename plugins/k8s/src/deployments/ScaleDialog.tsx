import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, NumberField } from '@backstage/ui';
import { PlanDialog, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { useEverywhere } from '../object/useEverywhere';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import {
  deploymentKeys,
  deploymentPath,
  deploymentRef,
  deploymentTarget,
  toOutcome,
} from './deploymentChanges';
import type { DeploymentDialogProps } from './deploymentChanges';
import { RolloutProgress } from './RolloutProgress';

const ROUTE = '/clusters/{id}/deployments/{namespace}/{name}/scale';
/** As the API has it. */
const MOST_REPLICAS = 10_000;

/** Changes the number of replicas. */
export function ScaleDialog(props: DeploymentDialogProps) {
  const { detail, onClose } = props;
  const { name, scaledBy } = detail;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [replicas, setReplicas] = useState(detail.replicas);
  const path = deploymentPath(props);
  const body = { replicas };
  const everywhere = useEverywhere(deploymentRef(props), {
    change: { action: 'scale', body },
  });
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('scale.titleOf', { name }),
        verb: t('scale.verb'),
        target: deploymentTarget(props),
        input: body,
        incomplete:
          replicas === detail.replicas || Number.isNaN(replicas)
            ? t('scale.same')
            : undefined,
        form: (
          <div className={classes.form}>
            {scaledBy && (
              <Alert
                status="warning"
                icon
                title={t('scale.ruled', { name: scaledBy })}
              />
            )}
            <NumberField
              label={t('scale.replicas')}
              description={t('scale.now', { amount: String(detail.replicas) })}
              value={replicas}
              onChange={setReplicas}
              minValue={0}
              maxValue={MOST_REPLICAS}
            />
          </div>
        ),
        dryRun: async ({ client }) =>
          unwrap(
            await client.POST(ROUTE, {
              params: { path, query: { dryRun: true } },
              body,
            }),
          ).plan,
        run: async ({ client }, { idempotencyKey }) =>
          toOutcome(
            unwrap(
              await client.POST(ROUTE, {
                params: { path, header: { 'Idempotency-Key': idempotencyKey } },
                body,
              }),
            ),
          ),
        everywhere,
        changes: deploymentKeys(props),
        progress: <RolloutProgress {...props} />,
      }}
    />
  );
}
