import { InputError } from '@backstage/errors';
import type {
  KindDescription,
  KubernetesObject,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';

/** What the API server writes, and refuses or ignores from others. */
const SERVER_FIELDS = [
  'managedFields',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'selfLink',
];

function textAt(
  metadata: Readonly<Record<string, unknown>>,
  field: 'name' | 'namespace',
): string | undefined {
  const value = metadata[field];
  if (value === undefined || typeof value === 'string') return value;
  throw new InputError(`metadata.${field} is not a text`);
}

/** Name and namespace that a manifest is of. @throws InputError */
export function placeOfManifest({ metadata }: KubernetesObject): {
  name: string;
  namespace?: string;
} {
  const name = textAt(metadata, 'name');
  if (!name) throw new InputError('metadata.name is missing');
  const namespace = textAt(metadata, 'namespace');
  return namespace === undefined ? { name } : { name, namespace };
}

/** The version that a manifest's `apiVersion` is of. @throws InputError when it is of another group or kind */
export function versionOfManifest(
  manifest: KubernetesObject,
  kind: KindDescription,
): string {
  const [version, group = ''] = String(manifest.apiVersion)
    .split('/')
    .reverse();
  const versions = kind.versions
    .map(each => (kind.group ? `${kind.group}/${each}` : each))
    .join(', ');
  if (group !== kind.group || !kind.versions.includes(version)) {
    throw new InputError(
      `apiVersion is not that of the path; it can be ${versions}`,
    );
  }
  if (manifest.kind !== kind.kind) {
    throw new InputError(
      `kind is not that of the path; ${kind.plural} are of kind ${kind.kind}`,
    );
  }
  return version;
}

/** A copy without what only the API server writes. */
export function withoutServerFields(
  manifest: KubernetesObject,
): KubernetesObject {
  const metadata = Object.fromEntries(
    Object.entries(manifest.metadata).filter(
      ([field]) => !SERVER_FIELDS.includes(field),
    ),
  );
  return { ...manifest, metadata };
}

/** @throws InputError for the manifest of an object that exists: the API server answers that by a failure of its own */
export function checkNew({ metadata }: KubernetesObject): void {
  if (metadata.resourceVersion) {
    throw new InputError(
      'metadata.resourceVersion is the version of an object that exists; leave it out to create one',
    );
  }
}

const isSecret = ({ group, plural }: ResourceType) =>
  group === '' && plural === 'secrets';

/**
 * Refuses a Secret with empty values: that is what we show instead of them, and sending it back would erase what is there.
 *
 * @throws InputError that names the key
 */
export function checkSecretValues(
  type: ResourceType,
  manifest: Readonly<Record<string, unknown>>,
): void {
  if (!isSecret(type)) return;
  for (const field of ['data', 'stringData']) {
    const values = manifest[field];
    if (typeof values !== 'object' || values === null) continue;
    for (const [key, value] of Object.entries(values)) {
      if (value === '') {
        throw new InputError(
          `${field}.${key} is empty: values of a Secret are not shown, and sending back what is shown would erase them. Send the value, or change only other fields by a patch`,
        );
      }
    }
  }
}
