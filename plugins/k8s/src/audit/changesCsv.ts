import type { AuditEntry } from './auditFilter';

/** Columns of the export in their order; names stay English, since programs read them. */
const COLUMNS: readonly [
  name: string,
  valueOf: (entry: AuditEntry) => string | number | undefined,
][] = [
  ['at', entry => entry.at],
  ['actor', entry => entry.actor],
  ['action', entry => entry.action],
  ['outcome', entry => entry.outcome],
  ['reason', entry => entry.reason],
  ['cluster', entry => entry.clusterName],
  ['clusterId', entry => entry.cluster],
  ['group', entry => entry.resource?.group],
  ['plural', entry => entry.resource?.plural],
  ['namespace', entry => entry.resource?.namespace],
  ['name', entry => entry.resource?.name],
  ['durationMs', entry => entry.durationMs],
  ['requestId', entry => entry.requestId],
  ['details', entry => entry.details && JSON.stringify(entry.details)],
];

/** What makes a spreadsheet take a cell for a formula, also in the wide forms of East Asian keyboards. */
const FORMULA = /^[\s\0]*[=+\-@\t\r＝＋－＠]/;
/** So that spreadsheets read it as UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A cell that is text in every spreadsheet: names and reasons come from others.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return `"${text.replace(/"/g, '""')}"`;
}

/** Entries as CSV (RFC 4180) with a line of headings. */
export function changesCsv(entries: readonly AuditEntry[]): string {
  const lines = [
    COLUMNS.map(([name]) => csvCell(name)),
    ...entries.map(entry =>
      COLUMNS.map(([, valueOf]) => csvCell(valueOf(entry))),
    ),
  ];
  return `${BYTE_ORDER_MARK}${lines
    .map(line => line.join(','))
    .join('\r\n')}\r\n`;
}
