import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select, Skeleton } from '@backstage/ui';
import {
  ErrorPanel,
  PlanDialog,
  resourcePath,
  unwrap,
  useRevisions,
} from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { mainVersion } from '../deployments/deploymentFacts';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { OBJECT_ROUTE, objectKeys, objectTarget } from './objectChanges';
import type { ObjectDialogProps } from './objectChanges';

const ROUTE = `${OBJECT_ROUTE}/actions/{action}` as const;

type Revision = Schema<'Revision'>;

/** Brings back an earlier revision; what differs is shown before. */
export function RollBackObjectDialog(
  props: ObjectDialogProps & {
    /** Absent: the dialog asks which one. */
    revision?: Revision;
  },
) {
  const { target, cluster, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const { data, error, refetch } = useRevisions(target);
  const [chosen, setChosen] = useState(props.revision);
  const earlier = data?.filter(({ current }) => !current);
  const path = { ...resourcePath(target), action: 'rollback' as const };
  const body = { revision: chosen?.revision ?? 0 };
  const version = chosen ? mainVersion(chosen.containers) : '';
  const form = (
    <>
      {error && (
        <ErrorPanel
          error={error}
          what={t('deployments.revisions')}
          cluster={cluster.name}
          onRetry={() => refetch()}
        />
      )}
      {!earlier && !error && <Skeleton height={60} />}
      {earlier?.length === 0 && <p>{t('rollback.noRevision')}</p>}
      {earlier && earlier.length > 0 && (
        <Select
          label={t('rollback.choose')}
          options={earlier.map(({ revision, containers, changeCause }) => ({
            id: String(revision),
            label: `#${revision}  ${mainVersion(containers)}`,
            description: changeCause,
          }))}
          value={chosen ? String(chosen.revision) : null}
          onChange={key =>
            setChosen(earlier.find(({ revision }) => String(revision) === key))
          }
        />
      )}
    </>
  );
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: chosen
          ? t('rollback.titleOf', { name: target.name, version })
          : t('rollback.titleAsk', { name: target.name }),
        verb: t('rollback.to', { version }),
        target: objectTarget(props),
        description: t('rollback.text', { revision: String(body.revision) }),
        input: body,
        incomplete: chosen ? undefined : t('rollback.choose'),
        form: props.revision ? undefined : form,
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
        changes: objectKeys(target),
      }}
    />
  );
}
