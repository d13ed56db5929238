import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import DownIcon from '@material-ui/icons/ArrowDownward';
import UpIcon from '@material-ui/icons/ArrowUpward';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import type { ResourceColumn } from './ResourceColumn';
import { useTableStyles } from './useTableStyles';

function HeadCell<R>(props: {
  column: ResourceColumn<R>;
  sort?: string;
  onSort?: (sort: string) => void;
}) {
  const { column, sort, onSort } = props;
  const classes = useTableStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const isUp = sort === column.id;
  const isDown = sort === `-${column.id}`;
  const isSortable = onSort && (column.sortable || column.sortValue);
  const order = isUp ? 'ascending' : 'descending';
  const title = column.hiddenTitle ? (
    <VisuallyHidden>{column.title}</VisuallyHidden>
  ) : (
    column.title
  );
  return (
    <th
      scope="col"
      aria-sort={isUp || isDown ? order : undefined}
      style={{ textAlign: column.align }}
    >
      {isSortable ? (
        <button
          type="button"
          className={classes.sort}
          title={t('table.sort', { column: column.title })}
          onClick={() => onSort(isUp ? `-${column.id}` : column.id)}
        >
          {column.title}
          {isUp && <UpIcon aria-hidden />}
          {isDown && <DownIcon aria-hidden />}
        </button>
      ) : (
        title
      )}
    </th>
  );
}

/** The headings of a table; a click sorts. */
export function TableHead<R>(props: {
  columns: readonly ResourceColumn<R>[];
  sort?: string;
  onSort?: (sort: string) => void;
}) {
  const { columns, sort, onSort } = props;
  const classes = useTableStyles();
  return (
    <thead className={classes.head}>
      <tr>
        {columns.map(column => (
          <HeadCell
            key={column.id}
            column={column}
            sort={sort}
            onSort={onSort}
          />
        ))}
      </tr>
    </thead>
  );
}
