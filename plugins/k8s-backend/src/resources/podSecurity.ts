/**
 * Whether a change of a Namespace touches its Pod Security level. The level is a label, but whoever may set labels may not
 * for that reason loosen a policy.
 */
import { isPodSecurityLabel } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import type { ResourcePatch } from '@backstage-k8s/plugin-k8s-node';
import { isJsonPatch } from './requestMarker';

/** Whether it is the kind that has Pod Security levels. */
export function isNamespaceKind({ group, plural }: ResourceType): boolean {
  return group === '' && plural === 'namespaces';
}

/** Whether the Namespace says what its Pod Security level is. */
export function hasPodSecurity({ metadata }: KubernetesObject): boolean {
  return Object.keys(metadata.labels ?? {}).some(isPodSecurityLabel);
}

/** Whether a patch sets or removes such a label, or may do so since it replaces or removes all labels. */
export function touchesPodSecurity(patch: ResourcePatch): boolean {
  if (isJsonPatch(patch)) {
    return patch.some(({ op, path }) => op !== 'test' && pathTouches(path));
  }
  if (!('metadata' in patch)) return false;
  if (!isRecord(patch.metadata)) return true;
  if (!('labels' in patch.metadata)) return false;
  const { labels } = patch.metadata;
  return !isRecord(labels) || Object.keys(labels).some(isPodSecurityLabel);
}

function pathTouches(path: string): boolean {
  const [, top, field, label, ...rest] = path
    .split('/')
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (top === undefined) return true;
  if (top !== 'metadata') return false;
  if (field === undefined) return true;
  if (field !== 'labels') return false;
  return label === undefined || rest.length > 0 || isPodSecurityLabel(label);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
