import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PlanDialog, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useEverywhere } from '../object/useEverywhere';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import {
  deploymentKeys,
  deploymentPath,
  deploymentRef,
  deploymentTarget,
} from './deploymentChanges';
import type { DeploymentDialogProps } from './deploymentChanges';

/** Deletes a deployment with its pods, after its name was typed. */
export function DeleteDeploymentDialog(props: DeploymentDialogProps) {
  const { detail, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const path = deploymentPath(props);
  const everywhere = useEverywhere(deploymentRef(props), {
    change: { action: 'delete' },
  });
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('deployments.deleteTitle', { name: detail.name }),
        verb: t('common.delete'),
        target: deploymentTarget(props),
        destructive: true,
        description: t('deployments.deleteText', {
          amount: String(detail.pods.length),
        }),
        input: { delete: path },
        run: async ({ client }, { idempotencyKey }) => {
          unwrap(
            await client.DELETE(
              '/clusters/{id}/deployments/{namespace}/{name}',
              {
                params: { path, header: { 'Idempotency-Key': idempotencyKey } },
              },
            ),
          );
          return { status: 'done' };
        },
        everywhere,
        changes: deploymentKeys(props),
      }}
    />
  );
}
