import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { NumberField, Skeleton } from '@backstage/ui';
import {
  ErrorPanel,
  PlanDialog,
  resourcePath,
  unwrap,
  useResource,
} from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { OBJECT_ROUTE, objectKeys, objectTarget } from './objectChanges';
import type { ObjectDialogProps } from './objectChanges';
import { useEverywhere } from './useEverywhere';

const ROUTE = `${OBJECT_ROUTE}/actions/{action}` as const;
/** As the API has it. */
const MOST_REPLICAS = 10_000;

function replicasOf(object: unknown): number | undefined {
  const { spec } = object as { spec?: { replicas?: unknown } };
  return typeof spec?.replicas === 'number' ? spec.replicas : undefined;
}

/** Changes the number of replicas of whatever has them. */
export function ScaleObjectDialog(props: ObjectDialogProps) {
  const { target, cluster, isEverywhere, onClose } = props;
  const { name } = target;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const { data, error, refetch } = useResource(target);
  // Kubernetes takes an absent number for 1.
  const now = data && (replicasOf(data.object) ?? 1);
  const [chosen, setChosen] = useState<number>();
  // What the field begins with stays, or the change would be another one once it was made here.
  const [begun, setBegun] = useState<number>();
  if (begun === undefined && now !== undefined) setBegun(now);
  const replicas = chosen ?? begun ?? NaN;
  const path = { ...resourcePath(target), action: 'scale' as const };
  const body = { replicas };
  const everywhere = useEverywhere(target, {
    change: { action: 'scale', body },
    isChosen: isEverywhere,
  });
  const form = (
    <div className={classes.form}>
      {error && (
        <ErrorPanel
          error={error}
          what={name}
          cluster={cluster.name}
          onRetry={() => refetch()}
        />
      )}
      {now === undefined && !error && <Skeleton height={60} />}
      {now !== undefined && (
        <NumberField
          label={t('scale.replicas')}
          description={t('scale.now', { amount: String(now) })}
          value={replicas}
          onChange={setChosen}
          minValue={0}
          maxValue={MOST_REPLICAS}
        />
      )}
    </div>
  );
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('scale.titleOf', { name }),
        verb: t('scale.verb'),
        target: objectTarget(props),
        input: body,
        incomplete:
          // Elsewhere there may be another number of them.
          (replicas === now && !isEverywhere) || Number.isNaN(replicas)
            ? t('scale.same')
            : undefined,
        form,
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
          return { status: 'done' };
        },
        everywhere,
        changes: objectKeys(target),
      }}
    />
  );
}
