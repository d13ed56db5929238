import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
} from '@backstage/ui';
import { useClusters, useGuard } from '@backstage-k8s/plugin-k8s-react';
import type { ResourceRef } from '@backstage-k8s/plugin-k8s-react';
import { useState } from 'react';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';
import { actionReviews } from './objectActions';
import type { ObjectAction } from './objectActions';
import type { ObjectDialogProps } from './objectChanges';
import { ObjectDialog } from './ObjectDialog';

/** Revisions are numbered by each cluster for itself. */
const HERE_ONLY: readonly ObjectAction[] = ['rollback'];

/** Does the same to an object on every cluster that has it; nothing where there is no second cluster. */
export function EverywhereMenu(props: {
  cluster: ObjectDialogProps['cluster'];
  kind: ObjectDialogProps['kind'];
  target: ResourceRef;
  actions: readonly ObjectAction[];
}) {
  const { cluster, kind, target } = props;
  const { t } = useTranslationRef(k8sTranslationRef);
  const clusters = useClusters();
  const [open, setOpen] = useState<ObjectAction>();
  const update = useGuard(actionReviews('yaml', target));
  const remove = useGuard(actionReviews('delete', target));
  const actions = props.actions.filter(action => !HERE_ONLY.includes(action));
  const guardOf = (action: ObjectAction) =>
    action === 'delete' ? remove : update;
  // Said once above what cannot be done.
  const refused = actions.map(guardOf).find(({ allowed }) => !allowed);
  if ((clusters.data?.length ?? 0) < 2 || actions.length === 0) return null;
  return (
    <>
      <MenuTrigger>
        <Button size="small" variant="secondary">
          {t('object.everywhere')}
        </Button>
        <Menu
          placement="bottom end"
          onAction={key => setOpen(key as ObjectAction)}
        >
          <MenuSection title={refused?.reason ?? t('object.everywhereText')}>
            {actions.map(action => (
              <MenuItem
                key={action}
                id={action}
                isDisabled={!guardOf(action).allowed}
                color={action === 'delete' ? 'danger' : undefined}
              >
                {t(`object.actions.${action}`)}
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </MenuTrigger>
      {open && (
        <ObjectDialog
          action={open}
          cluster={cluster}
          kind={kind}
          target={target}
          isEverywhere
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}
