import type { ColumnSource } from '@backstage-k8s/plugin-k8s-common';
import type { Row } from './Row';

type Field = (row: Row) => string;

const METADATA_FIELDS: Record<string, Field> = {
  'metadata.name': ({ metadata }) => metadata.name ?? '',
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
  'metadata.uid': ({ metadata }) => metadata.uid ?? '',
};
/** A path that is a field selector of Kubernetes, too, e.g. `.spec.nodeName`. */
const PLAIN_PATH = /^(\.[A-Za-z0-9]+)+$/;

/** What rows can be selected by: fields of metadata, and columns by their ids and by the fields that they show. */
export function rowFields(
  columns: readonly ColumnSource[],
): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  columns.forEach(({ id, path }, index) => {
    const field: Field = ({ content }) => cellText(content.cells[index]);
    if (path && PLAIN_PATH.test(path)) fields.set(path.slice(1), field);
    fields.set(id, field);
  });
  for (const [name, field] of Object.entries(METADATA_FIELDS)) {
    fields.set(name, field);
  }
  return fields;
}

/** A cell as text. */
export function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return Array.isArray(cell) ? cell.join(', ') : String(cell);
}
