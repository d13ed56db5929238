import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import { PlanDialog, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
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
  props: DeploymentDialogProps & {
    /** Absent: the dialog asks which one. */
    revision?: Revision;
  },
) {
  const { detail, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const [chosen, setChosen] = useState(props.revision);
  const path = deploymentPath(props);
  const earlier = detail.revisions.filter(({ current }) => !current);
  const body = { revision: chosen?.revision ?? 0 };
  const version = chosen ? mainVersion(chosen.containers) : '';
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: chosen
          ? t('rollback.titleOf', { name: detail.name, version })
          : t('rollback.titleAsk', { name: detail.name }),
        verb: t('rollback.to', { version }),
        target: deploymentTarget(props),
        description: t('rollback.text', { revision: String(body.revision) }),
        input: body,
        incomplete: chosen ? undefined : t('rollback.choose'),
        form: props.revision ? undefined : (
          <Select
            label={t('rollback.choose')}
            options={earlier.map(({ revision, containers, changeCause }) => ({
              id: String(revision),
              label: `#${revision}  ${mainVersion(containers)}`,
              description: changeCause,
            }))}
            value={chosen ? String(chosen.revision) : null}
            onChange={key =>
              setChosen(
                earlier.find(({ revision }) => String(revision) === key),
              )
            }
          />
        ),
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
