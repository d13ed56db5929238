import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { GuardedButton } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { useSectionStyles } from '../pages/useSectionStyles';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { DeleteObjectDialog } from './DeleteObjectDialog';
import { EverywhereMenu } from './EverywhereMenu';
import { actionReviews, actionsOf } from './objectActions';
import type { ObjectAction } from './objectActions';
import { ObjectDialog } from './ObjectDialog';
import type { ObjectTabProps } from './ObjectTabContent';

/** What can be done with an object. */
export function ObjectActions(
  props: ObjectTabProps & {
    /** What is offered elsewhere on the page. */
    without?: readonly ObjectAction[];
  },
) {
  const { cluster, kind, target, detail, without = [] } = props;
  const { health, deleting, uid } = detail.row;
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useSectionStyles();
  const [open, setOpen] = useState<ObjectAction>();
  const actions = actionsOf(kind, health).filter(
    action => !without.includes(action),
  );
  const close = () => setOpen(undefined);
  if (actionsOf(kind, health).length === 0) return null;
  const dialog = { cluster, kind, target, onClose: close };
  return (
    <div
      className={classes.buttons}
      role="group"
      aria-label={t('deployments.actions')}
    >
      {actions.map(action => (
        <GuardedButton
          key={action}
          size="small"
          variant={action === 'delete' ? 'tertiary' : 'secondary'}
          reviews={actionReviews(action, target)}
          unavailable={deleting ? t('object.beingDeleted') : undefined}
          onPress={() => setOpen(action)}
        >
          {t(`object.actions.${action}`)}
        </GuardedButton>
      ))}
      <EverywhereMenu
        cluster={cluster}
        kind={kind}
        target={target}
        actions={deleting ? [] : actionsOf(kind, health)}
      />
      {open === 'delete' && <DeleteObjectDialog {...dialog} uid={uid} />}
      {open && open !== 'delete' && <ObjectDialog {...dialog} action={open} />}
    </div>
  );
}
