/** Where a field is in an object: names, and places in lists. */
export type FieldPath = readonly (string | number)[];

/** A path as a key; two paths have the same one only if they are the same. */
export function pathKey(path: FieldPath): string {
  return JSON.stringify(path);
}

/** A path as people write it, e.g. `spec.containers[].image`. */
export function pathText(path: FieldPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[]`;
    return text ? `${text}.${part}` : part;
  }, '');
}

/** The id of a field's control in the form. */
export function fieldId(path: FieldPath): string {
  return ['root', ...path].join('_');
}

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy with lists long enough that the path leads somewhere; what is there stays. */
export function withItems(value: unknown, path: FieldPath): unknown {
  const [part, next, ...rest] = path;
  // An item of its own is needed only where the path goes on into it.
  if (part === undefined || next === undefined) return value;
  if (typeof part === 'number') {
    const items = Array.isArray(value) ? [...value] : [];
    while (items.length <= part) items.push({});
    items[part] = withItems(items[part], [next, ...rest]);
    return items;
  }
  const fields = isFields(value) ? value : {};
  const inner = withItems(fields[part], [next, ...rest]);
  return inner === undefined ? value : { ...fields, [part]: inner };
}

/**
 * A copy without what a form leaves behind when a field is emptied: undefined fields, and objects that have nothing else. An
 * object that is empty on purpose stays: to some fields that is a value.
 */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(
      item => withoutUndefined(item) ?? (isFields(item) ? {} : null),
    );
  }
  if (!isFields(value)) return value;
  const entries = Object.entries(value);
  const kept = entries
    .map(([name, inner]) => [name, withoutUndefined(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length > 0 && kept.length === 0
    ? undefined
    : Object.fromEntries(kept);
}
