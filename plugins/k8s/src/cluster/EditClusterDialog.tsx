import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Switch, TextField } from '@backstage/ui';
import { PlanDialog, queryKeys, unwrap } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { LabelEditor } from '../pages/LabelEditor';
import { OwnerPicker } from '../pages/OwnerPicker';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import type { ClusterDetail } from './ClusterDetail';

const SUGGESTED = ['environment', 'region'];

/** The plan of a change that touches no API server: only what is kept in the portal differs. */
function localPlan(before: object, after: object): Schema<'Plan'> {
  return {
    before: { ...before },
    after: { ...after },
    changes: [],
    warnings: [],
  };
}

/** Renames a cluster, relabels it, hands it over, protects it. */
export function EditClusterDialog(props: {
  cluster: ClusterDetail;
  onClose: () => void;
}) {
  const { cluster, onClose } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [name, setName] = useState(cluster.name);
  const [labels, setLabels] = useState(cluster.labels);
  const [owner, setOwner] = useState(cluster.owner ?? '');
  const [isProtected, setProtected] = useState(cluster.protected);
  const before = {
    name: cluster.name,
    labels: cluster.labels,
    owner: cluster.owner,
    protected: cluster.protected,
  };
  const body = {
    name,
    labels,
    owner: owner || undefined,
    protected: isProtected,
  };
  return (
    <PlanDialog
      onClose={onClose}
      change={{
        title: t('settings.editTitle', { name: cluster.name }),
        verb: t('common.save'),
        target: { cluster, name: cluster.name },
        input: body,
        incomplete: name.trim() === '' ? t('settings.needsName') : undefined,
        form: (
          <div className={classes.form}>
            <TextField
              label={t('clusters.name')}
              value={name}
              onChange={setName}
              isRequired
              autoComplete="off"
            />
            <LabelEditor
              labels={labels}
              onChange={setLabels}
              suggested={SUGGESTED}
            />
            <OwnerPicker owner={owner} onChange={setOwner} />
            <Switch
              label={t('settings.protect')}
              isSelected={isProtected}
              onChange={setProtected}
            />
          </div>
        ),
        dryRun: async () => localPlan(before, body),
        run: async ({ client }, { idempotencyKey }) => {
          unwrap(
            await client.PUT('/clusters/{id}', {
              params: {
                path: { id: cluster.id },
                header: { 'Idempotency-Key': idempotencyKey },
              },
              body,
            }),
          );
          return { status: 'done' };
        },
        changes: [queryKeys.clusters, queryKeys.cluster(cluster.id)],
      }}
    />
  );
}
