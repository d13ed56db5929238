/**
 * Reading objects that may be anything: what is not of the expected type is as if it were not there. Nothing of an object's
 * prototype is ever read.
 */

/** Any JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};
const NO_ITEMS: readonly unknown[] = [];

/** Whether it is an object, and no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object; none where it is something else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : NO_FIELDS;
}

/** The items of a list; none where it is something else. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** A field of an object; undefined where it has none of that name. */
export function fieldOf(value: unknown, name: string): unknown {
  return isFields(value) && Object.prototype.hasOwnProperty.call(value, name)
    ? value[name]
    : undefined;
}

/** What lies below an object by the names of fields, e.g. `at(node, 'status', 'nodeInfo')`. */
export function at(value: unknown, ...names: string[]): unknown {
  let current = value;
  for (const name of names) current = fieldOf(current, name);
  return current;
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value)
    ? value
    : undefined;
}

/** A condition of a status. */
export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  observedGeneration?: number;
}

/** The conditions of an object's status, as far as they can be read. */
export function conditionsOf(object: unknown): Condition[] {
  return itemsOf(at(object, 'status', 'conditions')).flatMap(item => {
    const type = textOf(fieldOf(item, 'type'));
    if (type === undefined) return [];
    return [
      {
        type,
        status: textOf(fieldOf(item, 'status')) ?? 'Unknown',
        reason: textOf(fieldOf(item, 'reason')) ?? '',
        message: textOf(fieldOf(item, 'message')) ?? '',
        observedGeneration: numberOf(fieldOf(item, 'observedGeneration')),
      },
    ];
  });
}
