import { ANNOTATION_REQUEST } from '@backstage-k8s/plugin-k8s-common';
import type {
  KeptHistory,
  KubernetesObject,
} from '@backstage-k8s/plugin-k8s-common';
import { visible } from '../views/visibleText';
import { differences } from '../workloads/differences';
import type { Difference } from '../workloads/differences';
import { fieldPathText } from '../workloads/fieldPath';
import type { PathStep } from '../workloads/fieldPath';
import type { FieldChange } from './ObjectChange';
import { redactedValue } from './redactedValue';

/** Fields of one change that are kept. */
const MAX_FIELDS = 50;
/** Characters of all fields of one change. */
const MAX_CHARACTERS = 16_384;

/** Annotations that controllers and we ourselves note things in, again and again. */
const NOISE_ANNOTATIONS = new Set([
  ANNOTATION_REQUEST,
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'control-plane.alpha.kubernetes.io/leader',
  'endpoints.kubernetes.io/last-change-trigger-time',
]);

/** What of an object somebody changes: neither its status nor what the API server notes. */
function changeable(object: KubernetesObject) {
  const { status: _, metadata, kind: __, apiVersion: ___, ...rest } = object;
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  const { deletionTimestamp } = metadata;
  const noted = Object.entries(annotations ?? {}).filter(
    ([key]) => !NOISE_ANNOTATIONS.has(key),
  );
  return {
    metadata: {
      labels: labels ?? {},
      annotations: Object.fromEntries(noted),
      finalizers,
      ownerReferences,
      deletionTimestamp,
    },
    ...rest,
  };
}

/** Where a step leads, in one of the two objects. */
function placeIn(value: unknown, step: PathStep): string | number | undefined {
  if ('field' in step) return step.field;
  if (!Array.isArray(value)) return undefined;
  const index = value.findIndex(
    item => item?.[step.key] === step.item[step.key],
  );
  return index < 0 ? undefined : index;
}

function valueAt(value: unknown, place: string | number | undefined): unknown {
  if (typeof value !== 'object' || value === null || place === undefined) {
    return undefined;
  }
  return (value as Record<string | number, unknown>)[place];
}

function pointerOf(
  path: readonly PathStep[],
  objects: { before: unknown; after: unknown },
): string {
  let { before, after } = objects;
  let pointer = '';
  for (const step of path) {
    const was = placeIn(before, step);
    const is = placeIn(after, step);
    const segment = String(is ?? was ?? '');
    pointer += `/${segment.replace(/~/g, '~0').replace(/\//g, '~1')}`;
    before = valueAt(before, was);
    after = valueAt(after, is);
  }
  return pointer;
}

/** The name by which a value is judged: of an environment variable its own. */
function nameOf(path: readonly PathStep[]): string {
  const last = path.at(-1);
  const parent = path.at(-2);
  if (!last || !('field' in last)) return '';
  const isOfItem = last.field === 'value' && parent && 'item' in parent;
  return isOfItem ? String(parent.item.name ?? '') : last.field;
}

/** Whether a field is one of the data of a Secret. */
function isData([first]: readonly PathStep[]): boolean {
  return (
    first !== undefined &&
    'field' in first &&
    ['data', 'stringData'].includes(first.field)
  );
}

/** What differs, as it is kept. */
export interface ChangedFields {
  changes: FieldChange[];
  /** How many fields differ besides. */
  omitted: number;
  /** Of what differs, for who wants to know who owns it. */
  paths: PathStep[][];
}

/** The fields that differ between two versions of an object, without secrets, at most so many as are worth keeping. */
export function changedFields(
  before: KubernetesObject,
  after: KubernetesObject,
  options: { kept: KeptHistory },
): ChangedFields {
  const objects = { before: changeable(before), after: changeable(after) };
  const found = differences(objects.before, objects.after);
  const changes: FieldChange[] = [];
  let characters = 0;
  for (const difference of found.slice(0, MAX_FIELDS)) {
    const change = fieldChangeOf(difference, { objects, ...options });
    characters += JSON.stringify(change).length;
    if (characters > MAX_CHARACTERS) break;
    changes.push(change);
  }
  return {
    changes,
    omitted: found.length - changes.length,
    paths: found.slice(0, MAX_FIELDS).map(({ path }) => path),
  };
}

function fieldChangeOf(
  difference: Difference,
  options: {
    objects: { before: unknown; after: unknown };
    kept: KeptHistory;
  },
): FieldChange {
  const { path } = difference;
  const where = {
    path: String(visible(pointerOf(path, options.objects))),
    field: String(visible(fieldPathText(path))),
  };
  if (options.kept === 'keys' && isData(path)) {
    // Added or removed; the key is all there is to know.
    const state = 'before' in difference ? 'before' : 'after';
    return { ...where, [state]: '', hidden: true };
  }
  const name = nameOf(path);
  return {
    ...where,
    ...('before' in difference && {
      before: redactedValue(difference.before, name),
    }),
    ...('after' in difference && {
      after: redactedValue(difference.after, name),
    }),
  };
}
