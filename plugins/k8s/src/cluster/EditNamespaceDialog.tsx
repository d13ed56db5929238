import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { PlanDialog, queryKeys, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { LabelEditor } from '../pages/LabelEditor';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';
import { editableLabels, isOwnLabel } from './namespaceChanges';
import type { Namespace } from './namespaceChanges';

/** Replaces the labels of a namespace. */
export function EditNamespaceDialog(props: {
  cluster: ClusterDetail;
  namespace: Namespace;
  onClose: () => void;
}) {
  const { cluster, namespace, onClose } = props;
  const { name } = namespace;
  const { t } = useTranslationRef(k8sTranslationRef);
  const [labels, setLabels] = useState(() => editableLabels(namespace.labels));
  const kept = Object.entries(namespace.labels).filter(([key]) =>
    isOwnLabel(key),
  );
  const path = { id: cluster.id, name };
  const body = { labels: { ...Object.fromEntries(kept), ...labels } };
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('namespaces.editLabel', { name }),
        verb: t('common.save'),
        target: { cluster, name },
        input: body,
        form: <LabelEditor labels={labels} onChange={setLabels} />,
        dryRun: async ({ client }) =>
          unwrap(
            await client.PATCH('/clusters/{id}/namespaces/{name}', {
              params: { path, query: { dryRun: true } },
              body,
            }),
          ).plan,
        run: async ({ client }, { idempotencyKey }) => {
          unwrap(
            await client.PATCH('/clusters/{id}/namespaces/{name}', {
              params: { path, header: { 'Idempotency-Key': idempotencyKey } },
              body,
            }),
          );
          return { status: 'done' };
        },
        changes: [queryKeys.namespaces(cluster.id)],
      }}
    />
  );
}
