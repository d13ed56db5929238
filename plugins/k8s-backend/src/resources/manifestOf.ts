import { InputError } from '@backstage/errors';
import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { ObjectReference } from '@backstage-k8s/plugin-k8s-node';

/** The manifest with what the reference says filled in. @throws InputError when they disagree */
export function manifestOf(
  reference: ObjectReference,
  object: KubernetesObject,
): KubernetesObject {
  const { group, version, name, namespace } = reference;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const said: [string, unknown, unknown][] = [
    ['apiVersion', object.apiVersion, apiVersion],
    ['metadata.name', object.metadata.name, name],
    ['metadata.namespace', object.metadata.namespace, namespace],
    ['kind', object.kind, traitsOf(reference)?.kind ?? object.kind],
  ];
  for (const [field, inObject, inReference] of said) {
    if (inObject !== undefined && inObject !== inReference) {
      throw new InputError(`${field} is not that of the object to be changed`);
    }
  }
  const kind = object.kind ?? traitsOf(reference)?.kind;
  if (kind === undefined) throw new InputError('kind is missing');
  const home = namespace === undefined ? {} : { namespace };
  const metadata = { ...object.metadata, name, ...home };
  return { ...object, apiVersion, kind, metadata };
}
