import type { AuditEntry } from './auditFilter';

const COLUMNS: [string, (entry: AuditEntry) => unknown][] = [
  ['at', entry => entry.at],
  ['actor', entry => entry.actor],
  ['action', entry => entry.action],
  ['outcome', entry => entry.outcome],
  ['reason', entry => entry.reason],
  ['cluster', entry => entry.clusterName ?? entry.cluster],
  ['namespace', entry => entry.resource?.namespace],
  ['plural', entry => entry.resource?.plural],
  ['name', entry => entry.resource?.name],
  ['durationMs', entry => entry.durationMs],
  ['requestId', entry => entry.requestId],
  ['details', entry => entry.details && JSON.stringify(entry.details)],
];

/** Quoted where needed; what a spreadsheet would run as a formula begins with an apostrophe. */
function toCell(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(inert) ? `"${inert.replace(/"/g, '""')}"` : inert;
}

/**
 * Entries of the audit as CSV with a heading.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function toCsv(entries: readonly AuditEntry[]): string {
  const lines = [
    COLUMNS.map(([title]) => title),
    ...entries.map(entry => COLUMNS.map(([, cell]) => toCell(cell(entry)))),
  ];
  return lines.map(line => `${line.join(',')}\r\n`).join('');
}
