import { isDnsLabel } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { TextField } from '@backstage/ui';
import { PlanDialog, queryKeys, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { LabelEditor } from '../pages/LabelEditor';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';

/** Creates a namespace with labels. */
export function CreateNamespaceDialog(props: {
  cluster: ClusterDetail;
  onClose: () => void;
}) {
  const { cluster, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [name, setName] = useState('');
  const [labels, setLabels] = useState<Record<string, string>>({});
  const isWrong = name !== '' && !isDnsLabel(name);
  const path = { id: cluster.id };
  const body = { name, labels };
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('namespaces.create'),
        verb: t('common.create'),
        target: { cluster: { ...cluster, protected: false }, name },
        input: body,
        incomplete: isDnsLabel(name) ? undefined : t('namespaces.nameRule'),
        form: (
          <div className={classes.form}>
            <TextField
              label={t('namespaces.name')}
              description={t('namespaces.nameRule')}
              value={name}
              onChange={setName}
              isInvalid={isWrong}
              isRequired
              autoComplete="off"
            />
            <LabelEditor labels={labels} onChange={setLabels} />
          </div>
        ),
        dryRun: async ({ client }) =>
          unwrap(
            await client.POST('/clusters/{id}/namespaces', {
              params: { path, query: { dryRun: true } },
              body,
            }),
          ).plan,
        run: async ({ client }, { idempotencyKey }) => {
          unwrap(
            await client.POST('/clusters/{id}/namespaces', {
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
