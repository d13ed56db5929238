/** An object as somebody edits it, and what the difference between two of its states asks for. */
import { ANNOTATION_REQUEST } from '@backstage-k8s/plugin-k8s-common';
import type { Kind, KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import { stringify } from 'yaml';

/** A manifest as the REST API takes it. */
export type Manifest = KubernetesObject & { apiVersion: string; kind: string };

type Fields = Record<string, unknown>;

/** What the API server writes of an object; nobody edits it. */
const SERVER_METADATA = [
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
];
/** What tools keep for themselves: `kubectl apply` the whole manifest once more, the portal the request that it served last. */
const TOOL_ANNOTATIONS = [
  'kubectl.kubernetes.io/last-applied-configuration',
  ANNOTATION_REQUEST,
];

/** The API version of a kind as manifests write it. */
export function apiVersionOf({
  group,
  version,
}: Pick<Kind, 'group' | 'version'>) {
  return group ? `${group}/${version}` : version;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => !names.includes(name)),
  );
}

/** What of an object can be edited: neither its status nor what the API server keeps of it. */
export function editableManifest(
  object: KubernetesObject,
  kind: Pick<Kind, 'group' | 'version' | 'kind'>,
): Manifest {
  const { apiVersion, kind: kindName, metadata, status: _, ...rest } = object;
  const { annotations, ...kept } = without(metadata, SERVER_METADATA);
  const shownAnnotations = without(
    (annotations ?? {}) as Fields,
    TOOL_ANNOTATIONS,
  );
  return {
    apiVersion: apiVersion ?? apiVersionOf(kind),
    kind: kindName ?? kind.kind,
    metadata: {
      ...kept,
      ...(Object.keys(shownAnnotations).length > 0 && {
        annotations: shownAnnotations as Record<string, string>,
      }),
    },
    ...rest,
  };
}

/** The whole object as it is, but for who set which field. */
export function wholeManifest(
  object: KubernetesObject,
  kind: Pick<Kind, 'group' | 'version' | 'kind'>,
): Manifest {
  const { apiVersion, kind: kindName, metadata, ...rest } = object;
  return {
    apiVersion: apiVersion ?? apiVersionOf(kind),
    kind: kindName ?? kind.kind,
    metadata: without(metadata, ['managedFields']),
    ...rest,
  };
}

/** A manifest as text. */
export function toYaml(manifest: unknown): string {
  return stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false });
}

/**
 * What has to be changed to make one of the other, as a JSON merge patch: null removes, lists are replaced whole.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7396
 */
export function mergePatch(before: Fields, after: Fields): Fields {
  const patch: Fields = {};
  for (const name of Object.keys(before)) {
    if (!(name in after)) patch[name] = null;
  }
  for (const [name, value] of Object.entries(after)) {
    const old = before[name];
    if (JSON.stringify(old) === JSON.stringify(value)) continue;
    patch[name] =
      isFields(old) && isFields(value) ? mergePatch(old, value) : value;
  }
  return patch;
}

function named(value: unknown): Map<string, unknown> | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.map(item => (isFields(item) ? item.name : undefined));
  return names.every(name => typeof name === 'string')
    ? new Map(value.map((item, index) => [String(names[index]), item]))
    : undefined;
}

/**
 * Fields that were taken out of a manifest and would stay all the same: an apply removes only what the one who applies has set.
 *
 * @param states - the manifest before it was edited, as edited, and as it would be afterwards
 * @returns paths, e.g. `spec.template.spec.containers[name=app].env`
 */
export function leftOver(
  states: { before: unknown; edited: unknown; planned: unknown },
  path = '',
): string[] {
  const { before, edited, planned } = states;
  if (isFields(before) && isFields(edited) && isFields(planned)) {
    return Object.keys(before).flatMap(name => {
      if (!(name in planned)) return [];
      const inner = path ? `${path}.${name}` : name;
      if (!(name in edited)) return [inner];
      return leftOver(
        {
          before: before[name],
          edited: edited[name],
          planned: planned[name],
        },
        inner,
      );
    });
  }
  const [old, next, then] = [before, edited, planned].map(named);
  if (!old || !next || !then) return [];
  return [...old].flatMap(([name, item]) => {
    if (!then.has(name)) return [];
    const inner = `${path}[name=${name}]`;
    if (!next.has(name)) return [inner];
    return leftOver(
      { before: item, edited: next.get(name), planned: then.get(name) },
      inner,
    );
  });
}
