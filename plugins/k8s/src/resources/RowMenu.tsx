import type { Kind, ResourceRow } from '@backstage-k8s/plugin-k8s-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  ButtonIcon,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
} from '@backstage/ui';
import { QUIET_COLOR, useGuard } from '@backstage-k8s/plugin-k8s-react';
import { makeStyles } from '@material-ui/core/styles';
import MoreIcon from '@material-ui/icons/MoreVert';
import { useState } from 'react';
import { actionReviews, actionsOf } from '../object/objectActions';
import type { ObjectAction } from '../object/objectActions';
import { k8sTranslationRef } from '../translation/k8sTranslationRef';

/** What a row's menu offers. */
export type RowAction = 'open' | 'yaml' | ObjectAction;

const useStyles = makeStyles({
  button: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    padding: 2,
    border: 0,
    borderRadius: 4,
    background: 'none',
    color: QUIET_COLOR,
    cursor: 'pointer',
    '&:hover': { color: 'var(--bui-fg-primary)' },
    '&:focus-visible': { outline: '2px solid var(--bui-ring)' },
    '& svg': { fontSize: 18 },
  },
});

/** What the menu has to know of a row. */
export type MenuRow = Pick<
  ResourceRow,
  'cluster' | 'namespace' | 'name' | 'health'
>;

interface RowMenuProps {
  kind: Kind;
  row: MenuRow;
  onAction: (action: RowAction, row: MenuRow) => void;
}

/** The menu once it was asked for: only then one's rights are. */
function OpenedMenu({ kind, row, onAction }: RowMenuProps) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const { cluster, namespace, name } = row;
  const { group, plural } = kind;
  const ref = { cluster, group, plural, namespace, name };
  const update = useGuard(actionReviews('yaml', ref));
  const remove = useGuard(actionReviews('delete', ref));
  const actions = actionsOf(kind, row.health);
  const guardOf = (action: RowAction) =>
    action === 'delete' ? remove : update;
  // Said once above what cannot be done.
  const refused = actions.map(guardOf).find(({ allowed }) => !allowed);
  const isAllowed = (action: RowAction) =>
    action === 'open' || action === 'yaml' || guardOf(action).allowed;
  const items = actions.map(action => (
    <MenuItem
      key={action}
      id={action}
      isDisabled={!isAllowed(action)}
      color={action === 'delete' ? 'danger' : undefined}
    >
      {t(`object.actions.${action}`)}
    </MenuItem>
  ));
  return (
    <MenuTrigger defaultOpen>
      <ButtonIcon
        size="small"
        variant="tertiary"
        aria-label={t('resources.menu', { name: row.name })}
        icon={<MoreIcon fontSize="small" />}
      />
      <Menu
        placement="bottom end"
        onAction={key => onAction(key as RowAction, row)}
      >
        <MenuItem id="open">{t('resources.open')}</MenuItem>
        <MenuItem id="yaml">{t('resources.yaml')}</MenuItem>
        {items.length > 0 && (
          <MenuSection title={refused?.reason ?? t('resources.change')}>
            {items}
          </MenuSection>
        )}
      </Menu>
    </MenuTrigger>
  );
}

/** What can be done with a row's object. A table has many rows, and few menus are ever opened: until then it is a plain button. */
export function RowMenu(props: RowMenuProps) {
  const { t } = useTranslationRef(k8sTranslationRef);
  const classes = useStyles();
  const [isAsked, setAsked] = useState(false);
  if (isAsked) return <OpenedMenu {...props} />;
  return (
    <button
      type="button"
      className={classes.button}
      aria-haspopup="menu"
      aria-label={t('resources.menu', { name: props.row.name })}
      onClick={() => setAsked(true)}
    >
      <MoreIcon aria-hidden />
    </button>
  );
}
