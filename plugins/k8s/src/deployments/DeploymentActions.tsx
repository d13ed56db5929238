import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { GuardedButton } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { ChangeImageDialog } from './ChangeImageDialog';
import { DeleteDeploymentDialog } from './DeleteDeploymentDialog';
import { deploymentReview } from './deploymentChanges';
import { isTroubled, mainVersion, servingRevision } from './deploymentFacts';
import type { DeploymentDetail } from './deploymentFacts';
import type { DeploymentCluster } from './DeploymentPanel';
import { RestartDialog } from './RestartDialog';
import { RollbackDialog } from './RollbackDialog';
import { ScaleDialog } from './ScaleDialog';

const DIALOGS = {
  image: ChangeImageDialog,
  scale: ScaleDialog,
  restart: RestartDialog,
  delete: DeleteDeploymentDialog,
};

/** What can be done with a deployment; where it is in trouble, rolling back comes first. */
export function DeploymentActions(props: {
  detail: DeploymentDetail;
  cluster: DeploymentCluster;
}) {
  const { detail, cluster } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [open, setOpen] = useState<keyof typeof DIALOGS | 'rollback'>();
  // Only what serves is known to work; without it the dialog asks.
  const serving = servingRevision(detail.revisions);
  const hasEarlier = detail.revisions.some(({ current }) => !current);
  const update = [deploymentReview('resource.update', { detail, cluster })];
  const remove = [deploymentReview('resource.delete', { detail, cluster })];
  const Dialog = open && open !== 'rollback' ? DIALOGS[open] : undefined;
  const close = () => setOpen(undefined);
  return (
    <div
      className={classes.buttons}
      role="group"
      aria-label={t('deployments.actions')}
    >
      <GuardedButton
        size="small"
        variant={isTroubled(detail) ? 'primary' : 'secondary'}
        reviews={update}
        unavailable={hasEarlier ? undefined : t('rollback.noRevision')}
        onPress={() => setOpen('rollback')}
      >
        {serving
          ? t('rollback.to', { version: mainVersion(serving.containers) })
          : t('rollback.verb')}
      </GuardedButton>
      <GuardedButton
        size="small"
        variant="secondary"
        reviews={update}
        onPress={() => setOpen('image')}
      >
        {t('image.title')}
      </GuardedButton>
      <GuardedButton
        size="small"
        variant="secondary"
        reviews={update}
        onPress={() => setOpen('scale')}
      >
        {t('scale.verb')}
      </GuardedButton>
      <GuardedButton
        size="small"
        variant="secondary"
        reviews={update}
        onPress={() => setOpen('restart')}
      >
        {t('restart.verb')}
      </GuardedButton>
      <GuardedButton
        size="small"
        variant="tertiary"
        reviews={remove}
        onPress={() => setOpen('delete')}
      >
        {t('common.delete')}
      </GuardedButton>
      {Dialog && <Dialog detail={detail} cluster={cluster} onClose={close} />}
      {open === 'rollback' && (
        <RollbackDialog
          detail={detail}
          cluster={cluster}
          revision={serving}
          onClose={close}
        />
      )}
    </div>
  );
}
