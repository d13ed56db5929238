import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PlanDialog, queryKeys, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';
import type { Namespace } from './namespaceChanges';

/** Deletes a namespace with all that is in it, after its name was typed. */
export function DeleteNamespaceDialog(props: {
  cluster: ClusterDetail;
  namespace: Namespace;
  onClose: () => void;
}) {
  const { cluster, namespace, onClose } = props;
  const { name } = namespace;
  const { t } = useTranslationRef(k8sTranslationRef);
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('namespaces.deleteLabel', { name }),
        verb: t('common.delete'),
        target: { cluster, name },
        destructive: true,
        description: t('namespaces.deleteText'),
        input: { delete: name },
        run: async ({ client }, { idempotencyKey }) => {
          unwrap(
            await client.DELETE('/clusters/{id}/namespaces/{name}', {
              params: {
                path: { id: cluster.id, name },
                header: { 'Idempotency-Key': idempotencyKey },
              },
            }),
          );
          return { status: 'done' };
        },
        changes: [queryKeys.namespaces(cluster.id)],
      }}
    />
  );
}
