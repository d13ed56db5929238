import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  PlanDialog,
  newIdempotencyKey,
  queryKeys,
  unwrap,
} from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { AccessForm } from '../register/AccessForm';
import { CheckSteps } from '../register/CheckSteps';
import { EMPTY_ACCESS, isComplete, toRequest } from '../register/accessInput';
import { useClusterCheck } from '../register/useClusterCheck';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';

/** Gives a cluster a new credential, checked before it takes the place of the old one. */
export function ReplaceCredentialDialog(props: {
  cluster: ClusterDetail;
  onClose: () => void;
}) {
  const { cluster, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const [access, setAccess] = useState(EMPTY_ACCESS);
  // Names this input without holding the credential in it.
  const [inputId, setInputId] = useState(newIdempotencyKey);
  const check = useClusterCheck();
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('settings.replaceTitle', { name: cluster.name }),
        verb: t('settings.replaceVerb'),
        target: { cluster, name: cluster.name },
        input: inputId,
        incomplete: isComplete(access) ? undefined : t('settings.needsAccess'),
        form: (
          <AccessForm
            access={access}
            onChange={next => {
              setAccess(next);
              setInputId(newIdempotencyKey());
            }}
          />
        ),
        dryRun: async () => {
          const checked = await check.mutateAsync({
            ...toRequest(access),
            id: cluster.id,
          });
          if (!checked.ok) throw new Error(t('settings.checkFailed'));
          return undefined;
        },
        description: check.data && <CheckSteps check={check.data} />,
        run: async ({ client }, { idempotencyKey }) => {
          unwrap(
            await client.PUT('/clusters/{id}', {
              params: {
                path: { id: cluster.id },
                header: { 'Idempotency-Key': idempotencyKey },
              },
              body: toRequest(access),
            }),
          );
          return { status: 'done' };
        },
        changes: [queryKeys.clusters, queryKeys.cluster(cluster.id)],
      }}
    />
  );
}
