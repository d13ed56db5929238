import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';

/** When the object was created, RFC 3339; the API server sets it on every object, so its absence shows as 1970. */
export function createdAt({ metadata }: KubernetesObject): string {
  return metadata.creationTimestamp ?? new Date(0).toISOString();
}
