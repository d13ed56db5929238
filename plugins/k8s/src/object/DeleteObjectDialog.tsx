import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import {
  PlanDialog,
  resourcePath,
  unwrap,
} from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { OBJECT_ROUTE, objectKeys, objectTarget } from './objectChanges';
import type { ObjectDialogProps } from './objectChanges';
import { useEverywhere } from './useEverywhere';

/** What becomes of what the object owns. */
const PROPAGATIONS = ['Background', 'Foreground', 'Orphan'] as const;
type Propagation = (typeof PROPAGATIONS)[number];

/** Deletes an object, after its name was typed. */
export function DeleteObjectDialog(
  props: ObjectDialogProps & {
    /** Only the object with this uid, not another one of its name that came meanwhile. */
    uid?: string;
  },
) {
  const { kind, target, uid, isEverywhere, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const [propagation, setPropagation] = useState<Propagation>('Background');
  const path = resourcePath(target);
  const query = { propagation, uid };
  const everywhere = useEverywhere(target, {
    change: { action: 'delete', propagation },
    isChosen: isEverywhere,
  });
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('object.titles.delete', {
          kind: kind.kind,
          name: target.name,
        }),
        verb: t('common.delete'),
        target: objectTarget(props),
        destructive: true,
        description: t('object.texts.delete'),
        input: { path, query },
        beside: (
          <Select
            label={t('object.owned')}
            options={PROPAGATIONS.map(id => ({
              id,
              label: t(`object.propagation.${id}`),
            }))}
            value={propagation}
            onChange={key => setPropagation(key as Propagation)}
          />
        ),
        dryRun: async ({ client }) => {
          unwrap(
            await client.DELETE(OBJECT_ROUTE, {
              params: { path, query: { ...query, dryRun: true } },
            }),
          );
          // That it may be done is all that there is to see.
          return undefined;
        },
        run: async ({ client }, { idempotencyKey }) => {
          unwrap(
            await client.DELETE(OBJECT_ROUTE, {
              params: {
                path,
                query,
                header: { 'Idempotency-Key': idempotencyKey },
              },
            }),
          );
          return { status: 'done' };
        },
        everywhere,
        changes: objectKeys(target),
      }}
    />
  );
}
