import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, TextField } from '@backstage/ui';
import { PlanDialog, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import {
  deploymentKeys,
  deploymentPath,
  deploymentTarget,
  toOutcome,
} from './deploymentChanges';
import type { DeploymentDialogProps } from './deploymentChanges';
import { RolloutProgress } from './RolloutProgress';

const ROUTE = '/clusters/{id}/deployments/{namespace}/{name}/image';

/** Changes the image of one container. */
export function ChangeImageDialog(props: DeploymentDialogProps) {
  const { detail, onClose } = props;
  const { containers, name } = detail;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [container, setContainer] = useState(containers[0]?.name ?? '');
  const before = containers.find(one => one.name === container)?.image ?? '';
  const [image, setImage] = useState(before);
  const path = deploymentPath(props);
  const body = { container, image: image.trim() };
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('image.titleOf', { name }),
        verb: t('image.title'),
        target: deploymentTarget(props),
        input: body,
        incomplete:
          body.image === '' || body.image === before
            ? t('image.same')
            : undefined,
        form: (
          <div className={classes.form}>
            {containers.length > 1 && (
              <Select
                label={t('image.container')}
                options={containers.map(one => ({
                  id: one.name,
                  label: one.name,
                }))}
                value={container}
                onChange={key => {
                  const next = containers.find(one => one.name === key);
                  setContainer(String(key));
                  setImage(next?.image ?? '');
                }}
              />
            )}
            <TextField
              label={t('image.image')}
              description={t('image.now', { image: before })}
              value={image}
              onChange={setImage}
              autoComplete="off"
              spellCheck="false"
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
        changes: deploymentKeys(props),
        progress: <RolloutProgress {...props} />,
      }}
    />
  );
}
