import { ANNOTATION_CHANGE_CAUSE } from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { JsonPatchStep } from '@backstage-k8s/plugin-k8s-node';

/**
 * The step that notes why a revision is made: each change of the template notes its own, or the last one's note would stand
 * on it. A deployment that its controller has not seen yet has no annotations to add to, and no revision either.
 */
export function changeCause(
  live: KubernetesObject,
  text: string,
): JsonPatchStep[] {
  if (!live.metadata.annotations) return [];
  const key = ANNOTATION_CHANGE_CAUSE.replace('/', '~1');
  return [{ op: 'add', path: `/metadata/annotations/${key}`, value: text }];
}
