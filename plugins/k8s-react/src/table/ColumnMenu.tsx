import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { ButtonIcon, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import ColumnsIcon from '@material-ui/icons/ViewColumnOutlined';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import type { ResourceColumn } from './ResourceColumn';

/** Chooses which columns of a table are shown. */
export function ColumnMenu<R>(props: {
  columns: readonly ResourceColumn<R>[];
  shown: readonly ResourceColumn<R>[];
  onChoose: (ids: readonly string[]) => void;
}) {
  const { columns, shown, onChoose } = props;
  const { t } = useTranslationRef(k8sReactTranslationRef);
  return (
    <MenuTrigger>
      <ButtonIcon
        size="small"
        variant="secondary"
        aria-label={t('table.columns')}
        icon={<ColumnsIcon fontSize="small" />}
      />
      <Menu
        selectionMode="multiple"
        selectedKeys={shown.map(({ id }) => id)}
        onSelectionChange={selection =>
          onChoose(
            selection === 'all'
              ? columns.map(({ id }) => id)
              : [...selection].map(String),
          )
        }
      >
        {columns.map(({ id, title }) => (
          <MenuItem key={id} id={id} textValue={title}>
            {title}
          </MenuItem>
        ))}
      </Menu>
    </MenuTrigger>
  );
}
