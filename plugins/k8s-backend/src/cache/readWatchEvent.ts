import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { GarbageError } from './LineSplitter';
import { WatchFailedError } from './readFailure';
import { toObject } from './readList';

/** What a line of a watch says. */
export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubernetesObject }
  | { type: 'BOOKMARK'; version: string };

/**
 * Reads a line of a watch that was parsed already.
 *
 * @throws GarbageError when it is not what a watch may say, WatchFailedError when it is an ERROR event
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function readWatchEvent(line: unknown): WatchEvent {
  const { type, object } = (line ?? {}) as { type?: unknown; object?: unknown };
  switch (type) {
    case 'ERROR':
      throw new WatchFailedError(object);
    case 'BOOKMARK':
      return { type, version: bookmarkVersion(object) };
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: toObject(object) };
    default:
      throw new GarbageError('A watch has an unknown type of event');
  }
}

function bookmarkVersion(body: unknown): string {
  const { metadata } = (body ?? {}) as {
    metadata?: { resourceVersion?: unknown };
  };
  if (typeof metadata?.resourceVersion !== 'string') {
    throw new GarbageError('A bookmark has no version');
  }
  return metadata.resourceVersion;
}
