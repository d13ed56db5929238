import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, SearchField } from '@backstage/ui';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import { ColumnMenu } from './ColumnMenu';
import type { ResourceColumn } from './ResourceColumn';
import { TableBody } from './TableBody';
import { TableHead } from './TableHead';
import { useChosenColumns } from './useChosenColumns';
import { useTableKeys } from './useTableKeys';
import { PHONE, useTableStyles } from './useTableStyles';
import { useTypedText } from './useTypedText';

/** What a {@link ResourceTable} shows. @public */
export interface ResourceTableProps<R> {
  /** Under which the choice of columns is remembered. */
  id: string;
  /** What the rows are, for screen readers. */
  label: string;
  columns: readonly ResourceColumn<R>[];
  /** In the order of `sort`; undefined while loading. */
  rows?: readonly R[];
  rowKey: (row: R) => string;
  /** What makes a row a changed one; absent: changes are not shown. */
  signature?: (row: R) => string;
  /** What a click on a row or Enter does. */
  onOpen?: (row: R) => void;
  selectedKey?: string;
  /** What is shown below the selected row. */
  details?: (row: R) => ReactNode;
  /** A heading for rows that belong together; rows come sorted by it. */
  groupOf?: (row: R) => string;
  /** How many there are of a group, of which `rows` may hold the first; absent: those that it holds. */
  groupSize?: (group: string) => number | undefined;
  sort?: string;
  onSort?: (sort: string) => void;
  search?: string;
  onSearch?: (search: string) => void;
  /** Filters beside the search. */
  filters?: ReactNode;
  /** Buttons at the end of the toolbar. */
  actions?: ReactNode;
  /** Rows on all pages; absent: those that are shown. */
  total?: number;
  /** Loads the next page; absent: there is none. */
  onMore?: () => void;
  /**
   * Reads on until a row, which has come into sight. With it the table is as long as `total`, and rows that are not read yet
   * are skeletons.
   */
  onReach?: (index: number) => void;
  /** What keys do with the row that has the focus, e.g. `e`. */
  rowActions?: Readonly<Record<string, (row: R) => void>>;
  /** Clears search and filters, where there are any. */
  onClear?: () => void;
  /** Whether the page's keys belong to this table. */
  keys?: boolean;
  /** Neither search nor choice of columns. */
  plain?: boolean;
}

/** The one table of the suite: one line a row, sorted and filtered by its owner, with keyboard and chosen columns. @public */
export function ResourceTable<R>(props: ResourceTableProps<R>) {
  const { id, label, columns, rows, plain, onSearch, keys = true } = props;
  const classes = useTableStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const root = useRef<HTMLDivElement>(null);
  const { shown, choose } = useChosenColumns(id, columns);
  const isPhone = useMediaQuery(PHONE);
  const [typed, setTyped] = useTypedText(props.search ?? '', onSearch);
  useTableKeys(root, { enabled: keys });

  const visible = isPhone
    ? shown
        .filter(({ phone }, index) => phone ?? index === 0)
        // There a number needs nearly as much room as a name.
        .map(column => ({
          ...column,
          weight: Math.min(Math.max(column.weight ?? 1, 1.2), 3),
        }))
    : shown;
  const total = props.total ?? rows?.length ?? 0;
  return (
    <div ref={root}>
      {!plain && (
        <div className={classes.toolbar}>
          {onSearch && (
            <SearchField
              className={classes.search}
              size="small"
              aria-label={t('table.search')}
              placeholder={`${t('table.search')}  f`}
              value={typed}
              onChange={setTyped}
            />
          )}
          {props.filters}
          <div className={classes.end}>
            <span className={classes.count} role="status">
              {rows &&
                (rows.length === total || props.onReach
                  ? t('table.rows', { count: total })
                  : t('table.rowsOf', {
                      shown: String(rows.length),
                      total: String(total),
                    }))}
            </span>
            {props.actions}
            {!isPhone && (
              <ColumnMenu columns={columns} shown={shown} onChoose={choose} />
            )}
          </div>
        </div>
      )}
      <div className={classes.frame}>
        <TableBody
          {...props}
          columns={visible}
          head={
            <TableHead
              columns={visible}
              sort={props.sort}
              onSort={props.onSort}
            />
          }
          label={label}
        />
        {rows?.length === 0 && (
          <div className={classes.nothing}>
            {t('table.nothing')}{' '}
            {props.onClear && (
              <Button size="small" variant="secondary" onPress={props.onClear}>
                {t('table.clear')}
              </Button>
            )}
          </div>
        )}
        {props.onMore && (
          <div className={classes.more}>
            <Button size="small" variant="secondary" onPress={props.onMore}>
              {t('table.more')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
