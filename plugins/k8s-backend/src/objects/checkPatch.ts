import { InputError } from '@backstage/errors';
import type { ObjectReference } from '@backstage-k8s/plugin-k8s-node';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Paths of a patch that the audit keeps; never values. */
const MAX_PATHS = 50;
const PATH_LENGTH = 256;

/**
 * Refuses a merge patch that speaks of another object, or would make it one; answers with the version that it wants to find.
 *
 * @throws InputError that names the field
 */
export function checkPatch(
  patch: Fields,
  options: {
    reference: ObjectReference;
    kind: string;
    /** As the request has it besides the patch. */
    resourceVersion?: string;
  },
): { resourceVersion?: string } {
  const { reference, kind, resourceVersion } = options;
  const { metadata = {} } = patch;
  if (!isFields(metadata)) throw new InputError('metadata is not an object');
  const { group, version, namespace, name } = reference;
  const expected: [string, unknown, unknown][] = [
    [
      'apiVersion',
      patch.apiVersion,
      group === '' ? version : `${group}/${version}`,
    ],
    ['kind', patch.kind, kind],
    ['metadata.name', metadata.name, name],
    ['metadata.namespace', metadata.namespace, namespace],
  ];
  for (const [field, inPatch, inPath] of expected) {
    if (inPatch !== undefined && inPatch !== inPath) {
      throw new InputError(`${field} is not that of the object to be changed`);
    }
  }
  // An empty list would forget who set which fields.
  if (metadata.managedFields !== undefined) {
    throw new InputError('metadata.managedFields is for the API server alone');
  }
  const inPatch = metadata.resourceVersion;
  if (inPatch === undefined) return { resourceVersion };
  if (typeof inPatch !== 'string' || !/^\d{1,64}$/.test(inPatch)) {
    throw new InputError('metadata.resourceVersion is not a version');
  }
  if (resourceVersion !== undefined && resourceVersion !== inPatch) {
    throw new InputError(
      'metadata.resourceVersion is not the resourceVersion of the request',
    );
  }
  return { resourceVersion: inPatch };
}

/** Which fields a merge patch sets, without their values. */
export function patchedPaths(patch: Fields): string[] {
  const paths: string[] = [];
  const visit = (fields: Fields, prefix: string) => {
    for (const [key, value] of Object.entries(fields)) {
      if (paths.length >= MAX_PATHS) return;
      const path = `${prefix}${key}`.slice(0, PATH_LENGTH);
      if (isFields(value) && Object.keys(value).length > 0) {
        visit(value, `${path}.`);
      } else {
        paths.push(path);
      }
    }
  };
  visit(patch, '');
  return paths;
}
