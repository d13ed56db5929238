import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import type { ResourceColumn } from './ResourceColumn';
import { useChangedRows } from './useChangedRows';
import { ROW_HEIGHT, useTableStyles } from './useTableStyles';

/** Rows from which on only those in sight are in the page. */
const VIRTUAL_FROM = 150;
/** Rows above and below what is in sight, for the keyboard. */
const OVERSCAN = 20;
const SKELETON_ROWS = 5;

type Line<R> = { group: string; size: number } | { row: R; key: string };

function toLines<R>(
  rows: readonly R[],
  options: { rowKey: (row: R) => string; groupOf?: (row: R) => string },
): Line<R>[] {
  const { rowKey, groupOf } = options;
  if (!groupOf) return rows.map(row => ({ row, key: rowKey(row) }));
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groupOf(row);
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [...groups].flatMap(([group, members]) => [
    { group, size: members.length },
    ...members.map(row => ({ row, key: rowKey(row) })),
  ]);
}

interface TableBodyProps<R> {
  label: string;
  columns: readonly ResourceColumn<R>[];
  head: ReactNode;
  rows?: readonly R[];
  rowKey: (row: R) => string;
  signature?: (row: R) => string;
  onOpen?: (row: R) => void;
  selectedKey?: string;
  details?: (row: R) => ReactNode;
  groupOf?: (row: R) => string;
}

function Row<R>(
  props: Pick<TableBodyProps<R>, 'columns' | 'onOpen'> & {
    row: R;
    isSelected: boolean;
    isChanged: boolean;
  },
) {
  const { columns, row, onOpen, isSelected, isChanged } = props;
  const classes = useTableStyles();
  const names = [
    classes.row,
    onOpen && classes.opens,
    isSelected && classes.selected,
    isChanged && classes.changed,
  ];
  return (
    <tr
      data-row
      tabIndex={-1}
      className={names.filter(Boolean).join(' ')}
      aria-selected={isSelected || undefined}
      onClick={event => {
        const isControl = (event.target as Element).closest('a, button');
        if (!isControl) onOpen?.(row);
      }}
      onKeyDown={event => {
        if (event.key === 'Enter' && event.target === event.currentTarget) {
          onOpen?.(row);
        }
      }}
    >
      {columns.map(column => (
        <td key={column.id} style={{ textAlign: column.align }}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function SkeletonRows({ columns }: { columns: number }) {
  const classes = useTableStyles();
  const rows = Array.from({ length: SKELETON_ROWS }, (_, index) => index);
  return (
    <tbody aria-hidden>
      {rows.map(row => (
        <tr key={row} className={classes.row}>
          <td colSpan={columns}>
            <Skeleton height={12} width={`${90 - row * 8}%`} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}

/** The table itself: columns by weight, groups, and only the rows in sight where there are many. */
export function TableBody<R>(props: TableBodyProps<R>) {
  const { label, columns, head, rows, rowKey, groupOf, selectedKey } = props;
  const classes = useTableStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const scroller = useRef<HTMLDivElement>(null);
  const changed = useChangedRows(rows ?? [], props);
  const lines = useMemo(
    () => toLines(rows ?? [], { rowKey, groupOf }),
    [rows, rowKey, groupOf],
  );
  const isVirtual = lines.length >= VIRTUAL_FROM;
  const virtualizer = useVirtualizer({
    count: lines.length,
    enabled: isVirtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const inSight = virtualizer.getVirtualItems();
  const from = isVirtual ? inSight[0]?.index ?? 0 : 0;
  const to = isVirtual ? (inSight.at(-1)?.index ?? -1) + 1 : lines.length;
  const weights = columns.map(({ weight = 1 }) => weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);

  return (
    <div ref={scroller} className={isVirtual ? classes.scroller : undefined}>
      <table
        className={classes.table}
        aria-label={label}
        aria-busy={!rows}
        aria-rowcount={isVirtual ? lines.length + 1 : undefined}
      >
        {!rows && <caption hidden>{t('table.loading')}</caption>}
        <colgroup>
          {columns.map((column, index) => (
            <col
              key={column.id}
              style={{ width: `${(100 * weights[index]) / sum}%` }}
            />
          ))}
        </colgroup>
        {head}
        {!rows && <SkeletonRows columns={columns.length} />}
        <tbody>
          {from > 0 && <tr style={{ height: from * ROW_HEIGHT }} />}
          {lines.slice(from, to).map(line =>
            'group' in line ? (
              <tr key={`group ${line.group}`} className={classes.group}>
                <th scope="rowgroup" colSpan={columns.length}>
                  {line.group} ({line.size})
                </th>
              </tr>
            ) : (
              <Fragment key={line.key}>
                <Row
                  row={line.row}
                  columns={columns}
                  onOpen={props.onOpen}
                  isSelected={line.key === selectedKey}
                  isChanged={changed.has(line.key)}
                />
                {line.key === selectedKey && props.details && (
                  <tr className={classes.details}>
                    <td colSpan={columns.length}>{props.details(line.row)}</td>
                  </tr>
                )}
              </Fragment>
            ),
          )}
          {to < lines.length && (
            <tr style={{ height: (lines.length - to) * ROW_HEIGHT }} />
          )}
        </tbody>
      </table>
    </div>
  );
}
