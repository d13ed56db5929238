import { InputError } from '@backstage/errors';
import type {
  KindDescription,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type { ObjectReference } from '@backstage-k8s/plugin-k8s-node';
import { groupOfPath } from '../discovery/groupOfPath';

/** An object as a path names it; which version and scope its kind has is not known yet. */
export interface ObjectPlace extends ResourceType {
  cluster: string;
  /** Absent: none. */
  namespace?: string;
  name: string;
}

/** No namespace, in a path. */
const NO_NAMESPACE = '_';

/** The object that a path names. */
export function placeOfPath(path: {
  id: string;
  group: string;
  plural: string;
  namespace: string;
  name: string;
}): ObjectPlace {
  const { id, group, plural, namespace, name } = path;
  return {
    cluster: id,
    group: groupOfPath(group),
    plural,
    ...(namespace !== NO_NAMESPACE && { namespace }),
    name,
  };
}

/**
 * The object with the version of its kind.
 *
 * @param options - `version`: absent, the kind's own
 * @throws InputError when the kind has a namespace and the place has none, or the other way round
 */
export function referenceOf(
  place: ObjectPlace,
  kind: KindDescription,
  options: { version?: string } = {},
): ObjectReference {
  if (kind.namespaced && place.namespace === undefined) {
    throw new InputError(`A ${kind.kind} is in a namespace: name it`);
  }
  if (!kind.namespaced && place.namespace !== undefined) {
    throw new InputError(
      `A ${kind.kind} is in no namespace: write ${NO_NAMESPACE} in its place`,
    );
  }
  return { ...place, version: options.version ?? kind.version };
}
