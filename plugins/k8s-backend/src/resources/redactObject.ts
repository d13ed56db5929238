import type {
  KubernetesObject,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';

const ANNOTATION_LAST_APPLIED =
  'kubectl.kubernetes.io/last-applied-configuration';

function isSecret({ group, plural }: ResourceType): boolean {
  return group === '' && plural === 'secrets';
}

function blankValues(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.keys(value).map(key => [key, '']));
}

/**
 * Takes out of a freshly read object, in place, what may never be seen: the values of a Secret (its keys stay, with empty
 * values), also where kubectl keeps a copy of them.
 */
export function redactObject(
  type: ResourceType,
  object: KubernetesObject,
): KubernetesObject {
  if (!isSecret(type)) return object;
  if ('data' in object) object.data = blankValues(object.data);
  if ('stringData' in object)
    object.stringData = blankValues(object.stringData);
  delete object.metadata.annotations?.[ANNOTATION_LAST_APPLIED];
  return object;
}

/** {@link redactObject}, and takes out what only takes up space: managed fields and kubectl's copy of the manifest. */
export function trimObject(
  type: ResourceType,
  object: KubernetesObject,
): KubernetesObject {
  delete object.metadata.managedFields;
  delete object.metadata.annotations?.[ANNOTATION_LAST_APPLIED];
  return redactObject(type, object);
}

/** {@link trimObject} of an object that somebody else holds too. */
export function trimmedCopy(
  type: ResourceType,
  object: KubernetesObject,
): KubernetesObject {
  const { annotations } = object.metadata;
  return trimObject(type, {
    ...object,
    metadata: {
      ...object.metadata,
      ...(annotations && { annotations: { ...annotations } }),
    },
  });
}
