/**
 * Marks changed objects with the request that changed them, so that a repeated request can see in the cluster whether its
 * first attempt took effect.
 */
import { ANNOTATION_REQUEST } from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  JsonPatchStep,
  ResourcePatch,
} from '@backstage-k8s/plugin-k8s-node';

// Slashes in a key are written ~1 in a JSON pointer (RFC 6901).
const MARKER_PATH = `/metadata/annotations/${ANNOTATION_REQUEST.replace(
  '/',
  '~1',
)}`;

/** Whether the object was last written by the request with this marker. */
export function isMarked(object: KubernetesObject, marker: string): boolean {
  return object.metadata.annotations?.[ANNOTATION_REQUEST] === marker;
}

/** A copy of the object with the marker. */
export function markObject(
  object: KubernetesObject,
  marker: string | undefined,
): KubernetesObject {
  if (marker === undefined) return object;
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [ANNOTATION_REQUEST]: marker };
  return { ...object, metadata: { ...metadata, annotations } };
}

/** A copy of a merge patch that sets the marker and these metadata as well. */
export function extendMergePatch(
  patch: Record<string, unknown>,
  added: { marker?: string; metadata: Record<string, unknown> },
): Record<string, unknown> {
  const metadata = { ...asRecord(patch.metadata), ...added.metadata };
  if (added.marker !== undefined) {
    metadata.annotations = {
      ...asRecord(metadata.annotations),
      [ANNOTATION_REQUEST]: added.marker,
    };
  }
  return Object.keys(metadata).length > 0 ? { ...patch, metadata } : patch;
}

/**
 * The steps that set the marker on an object as it is now. Without annotations the object needs the map first, and must not
 * have got one meanwhile: then its version is tested.
 */
export function markerSteps(
  live: KubernetesObject,
  marker: string,
): JsonPatchStep[] {
  if (live.metadata.annotations) {
    return [{ op: 'add', path: MARKER_PATH, value: marker }];
  }
  return [
    {
      op: 'test',
      path: '/metadata/resourceVersion',
      value: live.metadata.resourceVersion,
    },
    { op: 'add', path: '/metadata/annotations', value: {} },
    { op: 'add', path: MARKER_PATH, value: marker },
  ];
}

/** Whether it is a JSON patch, not a merge patch. */
export function isJsonPatch(
  patch: ResourcePatch,
): patch is readonly JsonPatchStep[] {
  return Array.isArray(patch);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
