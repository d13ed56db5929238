import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PlanDialog, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import {
  deploymentKeys,
  deploymentPath,
  deploymentTarget,
} from './deploymentChanges';
import type { DeploymentDialogProps } from './deploymentChanges';
import { mainVersion } from './deploymentFacts';
import type { Revision } from './deploymentFacts';
import { RolloutProgress } from './RolloutProgress';

const ROUTE = '/clusters/{id}/deployments/{namespace}/{name}/rollback';

/** Brings back the pod template of an earlier revision; what differs is shown before. */
export function RollbackDialog(
  props: DeploymentDialogProps & { revision: Revision },
) {
  const { detail, revision, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const path = deploymentPath(props);
  const body = { revision: revision.revision };
  const version = mainVersion(revision.containers);
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('rollback.titleOf', { name: detail.name, version }),
        verb: t('rollback.to', { version }),
        target: deploymentTarget(props),
        description: t('rollback.text', {
          revision: String(revision.revision),
        }),
        input: body,
        dryRun: async ({ client }) =>
          unwrap(
            await client.POST(ROUTE, {
              params: { path, query: { dryRun: true } },
              body,
            }),
          ).plan,
        run: async ({ client }, { idempotencyKey }) => {
          unwrap(
            await client.POST(ROUTE, {
              params: { path, header: { 'Idempotency-Key': idempotencyKey } },
              body,
            }),
          );
          // The API does not wait for the rollout of a roll-back: the progress below shows it.
          return { status: 'pending' };
        },
        changes: deploymentKeys(props),
        progress: <RolloutProgress {...props} />,
      }}
    />
  );
}
