import type { Schema } from '@backstage-k8s/plugin-k8s-common';

/** A namespace as the API gives it. */
export type Namespace = Schema<'Namespace'>;

/** Labels that Kubernetes itself keeps; not offered for editing. */
export function isOwnLabel(key: string): boolean {
  return key === 'kubernetes.io/metadata.name';
}

/** The labels that people may edit. */
export function editableLabels(
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !isOwnLabel(key)),
  );
}
