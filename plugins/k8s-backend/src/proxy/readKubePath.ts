/**
 * What a path of the Kubernetes API is about. Only what is known here is let through: everything else, sub-resources among it, is
 * refused before anything is asked of anybody.
 */
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  isDnsLabel,
  isDnsSubdomain,
  isValidName,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';

/** A kind in one version, or its objects in one namespace. */
export interface KubeCollection extends ResourceType {
  version: string;
  /** Absent: all namespaces, or none. */
  namespace?: string;
}

/** What a path leads to. */
export type KubePath =
  | { type: 'document'; document: 'version' | 'versions' | 'groups' }
  | { type: 'kinds'; group: string; version: string }
  | { type: 'collection'; collection: KubeCollection }
  | { type: 'object'; collection: KubeCollection; name: string };

const UNKNOWN =
  'Only discovery documents, kinds and objects of the Kubernetes API can be reached here';

function refuse(): never {
  throw new InputError(`The path is not known. ${UNKNOWN}`);
}

function checkedCollection(collection: KubeCollection): KubeCollection {
  const { plural, namespace } = collection;
  if (!isDnsLabel(plural)) throw new InputError('The kind is not valid');
  if (namespace !== undefined && !isDnsLabel(namespace)) {
    throw new InputError('The namespace is not a valid name');
  }
  return collection;
}

/** The parts behind group and version. */
function readResources(
  root: { group: string; version: string },
  parts: readonly string[],
): KubePath {
  // A namespace itself is an object like any other: there is nothing behind its name.
  const isInNamespace = parts[0] === 'namespaces' && parts.length > 2;
  const namespace = isInNamespace ? parts[1] : undefined;
  const [plural, name, ...rest] = isInNamespace ? parts.slice(2) : parts;
  if (rest.length > 0) {
    throw new NotAllowedError(
      `Sub-resources (exec, attach, portforward, proxy, logs, scale, status and others) cannot be reached here, by any method. ${UNKNOWN}`,
    );
  }
  const collection = checkedCollection({ ...root, plural, namespace });
  if (name === undefined) return { type: 'collection', collection };
  if (!isValidName(collection, name)) {
    throw new InputError(
      `The name of ${plural} is not one that Kubernetes allows`,
    );
  }
  return { type: 'object', collection, name };
}

/**
 * Reads a path without its first slash, e.g. `api/v1/namespaces/default/pods/web`.
 *
 * @throws InputError for a path that is not known or names that Kubernetes does not allow, NotAllowedError for a sub-resource
 */
export function readKubePath(path: string): KubePath {
  const [first, ...rest] = path.split('/');
  if (first === 'version' && rest.length === 0) {
    return { type: 'document', document: 'version' };
  }
  if (first === 'api' && rest.length === 0) {
    return { type: 'document', document: 'versions' };
  }
  if (first === 'apis' && rest.length === 0) {
    return { type: 'document', document: 'groups' };
  }
  if (first !== 'api' && first !== 'apis') return refuse();
  const [group, version, ...parts] = first === 'api' ? ['', ...rest] : rest;
  const isGroup = first === 'api' || isDnsSubdomain(group);
  if (!isGroup || version === undefined || !isDnsLabel(version)) {
    return refuse();
  }
  if (parts.length === 0) return { type: 'kinds', group, version };
  return readResources({ group, version }, parts);
}
