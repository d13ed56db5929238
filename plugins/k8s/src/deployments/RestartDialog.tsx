import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PlanDialog, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useEverywhere } from '../object/useEverywhere';
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

const ROUTE = '/clusters/{id}/deployments/{namespace}/{name}/restart';

/** Replaces all pods by new ones, a few at a time. */
export function RestartDialog(props: DeploymentDialogProps) {
  const { detail, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const path = deploymentPath(props);
  const everywhere = useEverywhere(deploymentRef(props), {
    change: { action: 'restart' },
  });
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('restart.titleOf', { name: detail.name }),
        verb: t('restart.verb'),
        target: deploymentTarget(props),
        description: t('restart.text'),
        input: { restart: path },
        dryRun: async ({ client }) =>
          unwrap(
            await client.POST(ROUTE, {
              params: { path, query: { dryRun: true } },
            }),
          ).plan,
        run: async ({ client }, { idempotencyKey }) =>
          toOutcome(
            unwrap(
              await client.POST(ROUTE, {
                params: { path, header: { 'Idempotency-Key': idempotencyKey } },
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
