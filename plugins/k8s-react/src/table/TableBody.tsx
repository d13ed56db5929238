import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, memo, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { k8sReactTranslationRef } from '../translation/k8sReactTranslationRef';
import type { ResourceColumn } from './ResourceColumn';
import { useChangedRows } from './useChangedRows';
import {
  PHONE,
  PHONE_ROW_HEIGHT,
  ROW_HEIGHT,
  useTableStyles,
} from './useTableStyles';

/** Rows from which on only those in sight are in the page. */
const VIRTUAL_FROM = 150;
/** Rows above and below what is in sight, for the keyboard. */
const OVERSCAN = 20;
const SKELETON_ROWS = 5;

/** A heading of a group, a row, or nothing yet where a row is still to be read. */
type Line<R> = { group: string; size: number } | { row: R } | undefined;

interface Lines<R> {
  count: number;
  at: (index: number) => Line<R>;
}

/** There may be a hundred thousand rows: without groups nothing is made for each of them. */
function toLines<R>(
  rows: readonly R[],
  options: { total: number; groupOf?: (row: R) => string },
): Lines<R> {
  const { total, groupOf } = options;
  if (!groupOf) {
    return {
      count: Math.max(total, rows.length),
      at: index => (index < rows.length ? { row: rows[index] } : undefined),
    };
  }
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groupOf(row);
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  const lines = [...groups].flatMap(([group, members]) => [
    { group, size: members.length },
    ...members.map(row => ({ row })),
  ]);
  return { count: lines.length, at: index => lines[index] };
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
  groupSize?: (group: string) => number | undefined;
  /** Rows of the whole list, of which `rows` is the beginning. */
  total?: number;
  onReach?: (index: number) => void;
  rowActions?: Readonly<Record<string, (row: R) => void>>;
}

function PlainRow<R>(
  props: Pick<TableBodyProps<R>, 'columns' | 'onOpen' | 'rowActions'> & {
    row: R;
    isSelected: boolean;
    isChanged: boolean;
    /** Its number among the lines, the head included; absent: all lines are there to be counted. */
    number?: number;
  },
) {
  const { columns, row, onOpen, rowActions, isSelected, isChanged } = props;
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
      aria-rowindex={props.number}
      tabIndex={-1}
      className={names.filter(Boolean).join(' ')}
      aria-selected={isSelected || undefined}
      onClick={event => {
        const isControl = (event.target as Element).closest('a, button');
        if (!isControl) onOpen?.(row);
      }}
      onKeyDown={event => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter') onOpen?.(row);
        const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
        if (isPlain) rowActions?.[event.key]?.(row);
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

// While a table is scrolled only the rows that come into sight are made.
const Row = memo(PlainRow) as typeof PlainRow;

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
  const { onReach } = props;
  const total = onReach ? props.total ?? 0 : 0;
  const classes = useTableStyles();
  const { t } = useTranslationRef(k8sReactTranslationRef);
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useMediaQuery(PHONE) ? PHONE_ROW_HEIGHT : ROW_HEIGHT;
  const lines = useMemo(
    () => toLines(rows ?? [], { total, groupOf }),
    [rows, total, groupOf],
  );
  const isVirtual = lines.count >= VIRTUAL_FROM;
  // At first only what is in sight, so that it is there soon.
  const [hasShown, setHasShown] = useState(false);
  const hasRows = rows !== undefined;
  useEffect(() => {
    if (!hasRows) return undefined;
    const timer = setTimeout(() => setHasShown(true));
    return () => clearTimeout(timer);
  }, [hasRows]);
  const virtualizer = useVirtualizer({
    count: lines.count,
    enabled: isVirtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: hasShown ? OVERSCAN : 0,
  });
  const inSight = virtualizer.getVirtualItems();
  const from = isVirtual ? inSight[0]?.index ?? 0 : 0;
  const to = isVirtual ? (inSight.at(-1)?.index ?? -1) + 1 : lines.count;
  const shown = useMemo(
    () =>
      Array.from({ length: Math.max(0, to - from) }, (_, offset) => {
        const index = from + offset;
        return { index, line: lines.at(index) };
      }),
    [lines, from, to],
  );
  const shownRows = useMemo(
    () =>
      shown.flatMap(({ line }) => (line && 'row' in line ? [line.row] : [])),
    [shown],
  );
  const changed = useChangedRows(shownRows, {
    ...props,
    // Scrolling brings rows that are not new.
    isPart: isVirtual,
  });
  useEffect(() => {
    if (to > 0) onReach?.(to - 1);
  }, [onReach, to, lines]);
  const sizeOf = (group: string, size: number) => {
    const whole = props.groupSize?.(group) ?? size;
    return whole > size
      ? t('table.rowsOf', { shown: String(size), total: String(whole) })
      : size;
  };
  const weights = columns.map(({ weight = 1 }) => weight);
  const sum = weights.reduce((whole, weight) => whole + weight, 0);

  return (
    <div ref={scroller} className={isVirtual ? classes.scroller : undefined}>
      <table
        className={classes.table}
        aria-label={label}
        aria-busy={!rows}
        aria-rowcount={isVirtual ? lines.count + 1 : undefined}
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
          {from > 0 && <tr style={{ height: from * rowHeight }} />}
          {shown.map(({ index, line }) => {
            if (!line) {
              return (
                <tr key={index} className={classes.row} aria-hidden>
                  <td colSpan={columns.length}>
                    <Skeleton height={12} width="60%" />
                  </td>
                </tr>
              );
            }
            if ('group' in line) {
              return (
                <tr key={`group ${line.group}`} className={classes.group}>
                  <th scope="rowgroup" colSpan={columns.length}>
                    {line.group} ({sizeOf(line.group, line.size)})
                  </th>
                </tr>
              );
            }
            const key = rowKey(line.row);
            return (
              <Fragment key={key}>
                <Row
                  row={line.row}
                  columns={columns}
                  onOpen={props.onOpen}
                  rowActions={props.rowActions}
                  isSelected={key === selectedKey}
                  isChanged={changed.has(key)}
                  number={isVirtual ? index + 2 : undefined}
                />
                {key === selectedKey && props.details && (
                  <tr className={classes.details}>
                    <td colSpan={columns.length}>{props.details(line.row)}</td>
                  </tr>
                )}
              </Fragment>
            );
          })}
          {to < lines.count && (
            <tr style={{ height: (lines.count - to) * rowHeight }} />
          )}
        </tbody>
      </table>
    </div>
  );
}
