/**
 * Which manager set a field, from `metadata.managedFields`. There a field is `f:name`, an item of a list `k:{…}` with the
 * fields that tell it apart (or `v:…`, its value), and an empty object a value as a whole.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
import type {
  KubernetesObject,
  ManagedFieldsEntry,
} from '@backstage-k8s/plugin-k8s-common';
import type { PathStep } from './fieldPath';

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
