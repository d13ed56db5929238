import { isSystemNamespace } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import { createdAt } from './createdAt';
import { plainText } from './plainText';

/** A Namespace. */
export interface NamespaceObject extends KubernetesObject {
  status?: { phase?: string };
}

/** The word for how a namespace is: Active or Terminating. */
export function namespaceStatus({ metadata, status }: NamespaceObject): string {
  if (metadata.deletionTimestamp) return 'Terminating';
  return plainText(status?.phase, 63) || 'Active';
}

/** A namespace as lists show it. */
export function namespaceRow(namespace: NamespaceObject): Schema<'Namespace'> {
  const { metadata } = namespace;
  const name = metadata.name ?? '';
  return {
    name,
    status: namespaceStatus(namespace),
    labels: metadata.labels ?? {},
    system: isSystemNamespace(name),
    createdAt: createdAt(namespace),
    resourceVersion: metadata.resourceVersion,
  };
}
