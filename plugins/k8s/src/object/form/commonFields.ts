/** Which fields come first where a kind has many, and which are nobody's to write. One table for all kinds. */
import type { FieldPath } from './fieldPath';

/** By the end of a path (`*`: any place of a list): the fields that most people set, in the order in which they are shown. */
const COMMON: Readonly<Record<string, readonly string[]>> = {
  '': ['metadata', 'type', 'data', 'stringData', 'spec'],
  metadata: ['name', 'namespace', 'labels'],
  'template.metadata': ['labels', 'annotations'],
  spec: [
    ...['replicas', 'selector', 'serviceName', 'schedule', 'type', 'ports'],
    ...['template', 'jobTemplate', 'volumeClaimTemplates', 'strategy'],
    ...['accessModes', 'resources', 'storageClassName'],
    ...['ingressClassName', 'rules', 'tls', 'suspend', 'parallelism'],
    ...['scaleTargetRef', 'minReplicas', 'maxReplicas', 'metrics'],
    ...['podSelector', 'policyTypes', 'ingress', 'egress', 'hard', 'limits'],
  ],
  'template.spec': [
    ...['containers', 'volumes', 'serviceAccountName', 'restartPolicy'],
    'initContainers',
  ],
  'containers.*': [
    ...['name', 'image', 'ports', 'env', 'resources', 'command', 'args'],
    ...['volumeMounts', 'readinessProbe', 'livenessProbe'],
  ],
  'initContainers.*': [
    ...['name', 'image', 'command', 'args', 'env', 'volumeMounts'],
  ],
  'ports.*': ['name', 'containerPort', 'port', 'targetPort', 'protocol'],
  'env.*': ['name', 'value', 'valueFrom'],
  'volumes.*': [
    ...['name', 'configMap', 'secret', 'persistentVolumeClaim', 'emptyDir'],
  ],
  'volumeMounts.*': ['name', 'mountPath', 'readOnly', 'subPath'],
  resources: ['requests', 'limits'],
  selector: ['matchLabels'],
};

/** What the API server writes of an object. */
const SERVER_METADATA = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];
/** Of the object itself: the kind is chosen already, the status is the cluster's. */
const GIVEN = ['apiVersion', 'kind', 'status'];

/** Only so many fields are shown of an object of which nobody knows which are common. */
const FEW = 10;

/** Names of fields that the form does not offer at a place. */
export function isOffered(path: FieldPath, name: string): boolean {
  if (path.length === 0) return !GIVEN.includes(name);
  return !(path.at(-1) === 'metadata' && SERVER_METADATA.includes(name));
}

function commonAt(path: FieldPath): readonly string[] {
  const words = path.map(part => (typeof part === 'number' ? '*' : part));
  if (path.length === 0) return COMMON[''];
  for (let length = 2; length >= 1; length--) {
    const found = COMMON[words.slice(-length).join('.')];
    if (found) return found;
  }
  return [];
}

/**
 * The fields of an object in the order of the form: first those that are needed, commonly set or set already, then the rest.
 *
 * @param options - `isSet`: whether a field has a value
 */
export function arrangeFields(
  path: FieldPath,
  options: {
    names: readonly string[];
    required: readonly string[];
    isSet: (name: string) => boolean;
    /** Whether it is more than one control. */
    isLarge: (name: string) => boolean;
  },
): { first: string[]; rest: string[] } {
  const { names, required, isSet, isLarge } = options;
  const common = commonAt(path);
  const rank = (name: string) => {
    const place = common.indexOf(name);
    if (place >= 0) return place;
    return required.includes(name) ? -1 : common.length;
  };
  const ordered = [...names].sort(
    (one, other) =>
      // What is of one line comes before what is of many, so that lines are full.
      (path.length === 0 ? 0 : Number(isLarge(one)) - Number(isLarge(other))) ||
      rank(one) - rank(other),
  );
  const isMetadata = path.at(-1) === 'metadata';
  if (path.length === 0 || (names.length <= FEW && !isMetadata)) {
    return { first: ordered, rest: [] };
  }
  const isFirst = (name: string) =>
    common.includes(name) || required.includes(name) || isSet(name);
  const first = ordered.filter(isFirst);
  if (first.length === 0) {
    const simple = ordered.slice(0, FEW);
    return {
      first: simple,
      rest: ordered.filter(name => !simple.includes(name)),
    };
  }
  return { first, rest: ordered.filter(name => !isFirst(name)) };
}
