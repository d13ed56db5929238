import type { ColumnSource } from '@backstage-k8s/plugin-k8s-common';
import { parseQuantity } from '@backstage-k8s/plugin-k8s-common';
import { CELL_ITEMS, inert } from '../inert';
import { compileJsonPath } from '../jsonPath';
import type { CellSource } from './Cell';
import { CLUSTER_CELLS } from './clusterCells';
import { NETWORK_CELLS } from './networkCells';
import { OBJECT_CELLS } from './objectCells';
import { WORKLOAD_CELLS } from './workloadCells';

/** What a table shows in one place. */
export type CellValue = string | number | boolean | null | string[];

const CELLS: ReadonlyMap<string, CellSource> = new Map([
  ...Object.entries(WORKLOAD_CELLS),
  ...Object.entries(NETWORK_CELLS),
  ...Object.entries(CLUSTER_CELLS),
  ...Object.entries(OBJECT_CELLS),
]);

/** Names of the computed cells. */
export const CELL_NAMES: readonly string[] = [...CELLS.keys()];

/** Characters of JSON that are made of a value that is an object; more would be cut off anyway. */
const JSON_ITEMS = 16;

function asText(value: unknown): string | null {
  if (typeof value === 'string') return inert(value);
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value !== 'object' || value === null) return null;
  const entries = Array.isArray(value)
    ? value.slice(0, JSON_ITEMS)
    : Object.fromEntries(Object.entries(value).slice(0, JSON_ITEMS));
  return inert(JSON.stringify(entries));
}

const BY_TYPE: Readonly<
  Record<ColumnSource['type'], (values: readonly unknown[]) => CellValue>
> = {
  text: values => {
    if (values.length === 1) return asText(values[0]);
    const texts = values.slice(0, CELL_ITEMS).map(asText);
    return inert(texts.filter(text => text !== null).join(', '));
  },
  list: values => {
    const texts = values
      .slice(0, CELL_ITEMS)
      .map(asText)
      .filter((text): text is string => text !== null);
    const left = values.length - CELL_ITEMS;
    if (left > 0) texts.push(`+${left}`);
    return texts.length > 0 ? texts : null;
  },
  number: ([value]) =>
    typeof value === 'number' && Number.isFinite(value) ? value : null,
  boolean: ([value]) => (typeof value === 'boolean' ? value : null),
  date: ([value]) =>
    typeof value === 'string' && !Number.isNaN(Date.parse(value))
      ? inert(value, 64)
      : null,
  quantity: ([value]) => {
    const text = asText(value);
    return text !== null && parseQuantity(text) !== undefined ? text : null;
  },
};

const NOTHING = () => null;

/** What computes the cells of a column; a column whose path or name is not understood is empty. */
export function compileCell({
  type,
  path,
  cell,
}: ColumnSource): (object: Parameters<CellSource>[0]) => CellValue {
  const shown = BY_TYPE[type];
  const source = cell === undefined ? undefined : CELLS.get(cell);
  if (source) {
    return object => {
      const value = source(object);
      if (value === undefined || value === null) return null;
      return shown(Array.isArray(value) ? value : [value]);
    };
  }
  const follow = path === undefined ? undefined : compileJsonPath(path);
  if (!follow) return NOTHING;
  return object => {
    const values = follow(object);
    if (values.length === 0) return null;
    // A path to one list is a path to its items.
    const [first] = values;
    const isList = values.length === 1 && Array.isArray(first);
    return shown(isList && type === 'list' ? first : values);
  };
}
