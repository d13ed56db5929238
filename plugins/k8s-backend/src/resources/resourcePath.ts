/**
 * The paths of kinds and objects on an API server. Every part is checked before a path is built from it:
 * `encodeURIComponent('..')` is `'..'`.
 */
import { InputError } from '@backstage/errors';
import {
  isDnsLabel,
  isDnsSubdomain,
  isValidName,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  ObjectReference,
  ResourceKind,
} from '@backstage-k8s/plugin-k8s-node';

/**
 * The path of all objects of a kind, or of those in one namespace.
 *
 * @throws InputError when a part is not a name that Kubernetes allows
 */
export function kindPath(kind: ResourceKind & { namespace?: string }): string {
  const { group, version, plural, namespace } = kind;
  if (group !== '' && !isDnsSubdomain(group)) {
    throw new InputError('The API group is not a valid name');
  }
  if (!isDnsLabel(version)) {
    throw new InputError('The API version is not a valid name');
  }
  // No slash, hence no sub-resource: exec, attach, portforward and proxy are not reads.
  if (!isDnsLabel(plural)) {
    throw new InputError('The kind is not a valid plural');
  }
  if (namespace !== undefined && !isDnsLabel(namespace)) {
    throw new InputError('The namespace is not a valid name');
  }
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const home = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${root}${home}/${plural}`;
}

/**
 * The path of one object.
 *
 * @throws InputError when a part is not a name that Kubernetes allows
 */
export function objectPath(reference: ObjectReference): string {
  const path = kindPath(reference);
  if (!isValidName(reference, reference.name)) {
    throw new InputError(
      `The name of ${reference.plural} is not one that Kubernetes allows`,
    );
  }
  return `${path}/${encodeURIComponent(reference.name)}`;
}
