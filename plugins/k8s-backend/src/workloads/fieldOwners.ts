/**
 * Which manager set a field, from `metadata.managedFields`. There a field is `f:name`, an item of a list `k:{…}` with the
 * fields that tell it apart (or `v:…`, its value), and an empty object a value as a whole.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
import type {
  KubernetesObject,
  ManagedFieldsEntry,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import { plainText } from '../views/plainText';
import { fieldPathText } from './fieldPath';
import type { PathStep } from './fieldPath';

/** Paths that are told of one manager; the largest objects of controllers have some hundred. */
const MAX_PATHS = 1000;
/** Fields lie this deep at most in what is read. */
const MAX_DEPTH = 64;

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isKeyOf(name: string, item: Record<string, unknown>): boolean {
  if (!name.startsWith('k:')) return false;
  try {
    const key: unknown = JSON.parse(name.slice(2));
    return (
      isFields(key) &&
      Object.entries(key).every(([field, value]) => item[field] === value)
    );
  } catch {
    return false;
  }
}

function step(fields: Fields, next: PathStep): unknown {
  if ('field' in next) return fields[`f:${next.field}`];
  const name = Object.keys(fields).find(key => isKeyOf(key, next.item));
  return name === undefined ? undefined : fields[name];
}

/** Whether the set of fields holds the path, something below it, or a value as a whole that it lies in. */
export function holdsPath(fields: unknown, path: readonly PathStep[]): boolean {
  let current = fields;
  for (const next of path) {
    if (!isFields(current)) return false;
    if (Object.keys(current).length === 0) return true;
    current = step(current, next);
  }
  return isFields(current);
}

/** The entries of managers of the object itself; those of its status and scale are left out. */
export function managersOf(object: KubernetesObject): ManagedFieldsEntry[] {
  return (object.metadata.managedFields ?? []).filter(
    ({ subresource, manager }) => !subresource && manager,
  );
}

/** Names of the managers that own the field or something in it; none when nobody does or the object does not say. */
export function ownersOf(
  object: KubernetesObject,
  path: readonly PathStep[],
): string[] {
  const owners = managersOf(object)
    .filter(({ fieldsV1 }) => holdsPath(fieldsV1, path))
    .map(({ manager }) => String(manager));
  return [...new Set(owners)];
}

/** The step that a key of managed fields means; undefined for what is no step, e.g. `.`. */
function stepOf(key: string): PathStep | undefined {
  if (key.startsWith('f:')) return { field: key.slice(2) };
  try {
    if (key.startsWith('k:')) {
      const item: unknown = JSON.parse(key.slice(2));
      const [name] = isFields(item) ? Object.keys(item) : [];
      return isFields(item) && name !== undefined
        ? { item, key: name }
        : undefined;
    }
    if (key.startsWith('v:')) {
      return { item: { value: JSON.parse(key.slice(2)) }, key: 'value' };
    }
  } catch {
    // What is no JSON is no key.
  }
  return undefined;
}

/** The paths of a set of fields, at most so many as are shown. */
function pathsOf(fields: unknown): string[] {
  const paths: string[] = [];
  const visit = (node: unknown, path: readonly PathStep[]) => {
    if (paths.length >= MAX_PATHS || path.length > MAX_DEPTH) return;
    const steps = isFields(node)
      ? Object.keys(node).flatMap(key => {
          const next = stepOf(key);
          return next ? [[key, next] as const] : [];
        })
      : [];
    if (steps.length === 0) {
      if (path.length > 0) paths.push(plainText(fieldPathText(path)));
      return;
    }
    for (const [key, next] of steps) {
      visit((node as Fields)[key], [...path, next]);
    }
  };
  visit(fields, []);
  return paths;
}

/** Who set which fields of an object, as the REST API tells it. */
export function fieldOwnersOf(
  object: KubernetesObject,
): Schema<'FieldOwner'>[] {
  return managersOf(object).map(({ manager, operation, time, fieldsV1 }) => ({
    manager: plainText(manager, 128),
    operation: operation === 'Apply' ? 'Apply' : 'Update',
    ...(time && { at: time }),
    paths: pathsOf(fieldsV1),
  }));
}
