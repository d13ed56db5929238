import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceKind } from '@backstage-k8s/plugin-k8s-node';
import type {
  ClusterConnection,
  KubeResponse,
} from '../connection/ClusterConnection';
import { kindPath } from '../resources/resourcePath';
import { GarbageError } from './LineSplitter';
import { ListSplitter, parseJson } from './ListSplitter';
import { createBreather } from './createBreather';

// What client-go's pager asks for; larger pages cost the API server memory.
const PAGE_SIZE = 500;
// A page that stops arriving for so long is given up.
const PAGE_IDLE_TIMEOUT_MS = 10_000;
// The API server answers a page of 500 large objects only when all are read; etcd may be slow.
const PAGE_TIMEOUT_MS = 30_000;

/** How to read a list. */
export interface ReadListOptions {
  signal: AbortSignal;
  namespace?: string;
  /** Kubernetes' syntax, already checked. */
  labelSelector?: string;
  /** Takes lists and objects without a resourceVersion too, as aggregated APIs without a watch have them. */
  allowsUnversioned?: boolean;
  /** Told of every chunk that arrives. */
  onBytes?: (bytes: number) => void;
}

/**
 * Reads all objects of a kind page by page, handing each on as it arrives, with `kind` and `apiVersion` filled in.
 *
 * @returns the version of the list, which all its pages share; empty where it has none
 * @throws GarbageError, or what the connection throws; GoneError when the list has to be begun again
 */
export async function readList(
  connection: ClusterConnection,
  kind: ResourceKind,
  options: ReadListOptions & { onObject: (object: KubernetesObject) => void },
): Promise<string> {
  const path = kindPath({ ...kind, namespace: options.namespace });
  let token: string | undefined;
  for (;;) {
    const response = await connection.request({
      path,
      query: {
        limit: PAGE_SIZE,
        continue: token,
        labelSelector: options.labelSelector,
      },
      signal: options.signal,
      timeoutMs: PAGE_TIMEOUT_MS,
    });
    const { kind: listKind, metadata } = await readPage(
      response,
      kind,
      options,
    );
    const isUnversioned =
      options.allowsUnversioned && listKind?.endsWith('List');
    const version = metadata?.resourceVersion ?? (isUnversioned && '');
    if (typeof version !== 'string') {
      throw new GarbageError('A list has no resourceVersion');
    }
    if (!metadata?.continue) return version;
    token = metadata.continue;
  }
}

async function readPage(
  response: KubeResponse,
  kind: ResourceKind,
  options: ReadListOptions & { onObject: (object: KubernetesObject) => void },
) {
  const splitter = new ListSplitter();
  const breathe = createBreather();
  const objects: KubernetesObject[] = [];
  const body = response.body({ idleTimeoutMs: PAGE_IDLE_TIMEOUT_MS });
  for await (const chunk of body) {
    options.onBytes?.(chunk.length);
    for (const item of splitter.push(chunk)) {
      objects.push(toObject(parseJson(item), options));
      await breathe();
    }
  }
  const envelope = splitter.end();
  // In a List the items leave out what the List says once.
  const itemKind = envelope.kind?.replace(/List$/, '');
  const { group, version } = kind;
  for (const object of objects) {
    object.kind ??= itemKind;
    object.apiVersion ??= group === '' ? version : `${group}/${version}`;
    options.onObject(object);
  }
  return envelope;
}

/**
 * What was parsed, as an object of Kubernetes.
 *
 * @param options - `allowsUnversioned`: it may lack a version
 * @throws GarbageError when it has no name or version
 */
export function toObject(
  value: unknown,
  options: Pick<ReadListOptions, 'allowsUnversioned'> = {},
): KubernetesObject {
  if (!isObject(value)) throw new GarbageError('This is no object');
  const { name, resourceVersion } = value.metadata;
  const isVersioned =
    typeof resourceVersion === 'string' ||
    (options.allowsUnversioned && resourceVersion === undefined);
  if (typeof name !== 'string' || !isVersioned) {
    throw new GarbageError('An object has no name or version');
  }
  return value;
}

/** Whether what was parsed has the metadata that every object has. */
export function isObject(value: unknown): value is KubernetesObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    'metadata' in value &&
    typeof value.metadata === 'object' &&
    value.metadata !== null
  );
}
