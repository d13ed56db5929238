import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  ResourceType,
} from '@backstage-k8s/plugin-k8s-common';
import { podStatus } from '../../workloads/podStatus';
import type { PodStatus } from '../../workloads/podStatus';
import { revisionOf } from '../../workloads/rollout';
import type { PodObject } from '../../workloads/WorkloadObjects';
import { at, fieldOf, fieldsOf, itemsOf, numberOf, textOf } from '../fields';
import { joined, pairs } from './Cell';
import type { CellTable } from './Cell';
import { humanDuration } from './humanDuration';

let lastPod: { pod: KubernetesObject; status: PodStatus } | undefined;

/** The status of a pod; of the pod that was asked for last it is known already, since several cells of a row tell of it. */
export function statusOfPod(pod: KubernetesObject): PodStatus {
  if (lastPod?.pod !== pod) {
    lastPod = { pod, status: podStatus(pod as PodObject) };
  }
  return lastPod.status;
}

/** Where the kinds that make pods keep their template; a Pod is its own. */
const TEMPLATES = [
  ['spec', 'template', 'spec'],
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ['template', 'spec'],
  ['spec'],
];

/** What pods are made from: the spec of a Pod, or that in the template of what makes pods; undefined where there is none. */
export function podSpecOf(object: KubernetesObject): unknown {
  return TEMPLATES.map(path => at(object, ...path)).find(spec =>
    Array.isArray(fieldOf(spec, 'containers')),
  );
}

/** Fields of all containers, each once. */
function ofContainers(object: KubernetesObject, field: string): string[] {
  const containers = itemsOf(fieldOf(podSpecOf(object), 'containers'));
  const texts = containers.flatMap(
    container => textOf(fieldOf(container, field)) ?? [],
  );
  return [...new Set(texts)];
}

/** The images of an object that is a pod or makes pods; those of init containers too. */
export function imagesOfObject(object: KubernetesObject): string[] {
  const spec = podSpecOf(object);
  const images = ['containers', 'initContainers'].flatMap(list =>
    itemsOf(fieldOf(spec, list)).flatMap(
      container => textOf(fieldOf(container, 'image')) ?? [],
    ),
  );
  return [...new Set(images)];
}

/** Whether objects of the kind are pods or make pods. */
export function hasPodTemplate(type: ResourceType): boolean {
  return traitsOf(type)?.podTemplate !== undefined;
}

/** A label selector as people read it; undefined where it has no requirement. */
export function selectorWords(selector: unknown): string | undefined {
  const isOld =
    fieldOf(selector, 'matchLabels') === undefined &&
    fieldOf(selector, 'matchExpressions') === undefined;
  const labels = isOld ? selector : fieldOf(selector, 'matchLabels');
  const expressions = itemsOf(fieldOf(selector, 'matchExpressions')).map(
    expression => {
      const key = textOf(fieldOf(expression, 'key')) ?? '';
      const operator = textOf(fieldOf(expression, 'operator'));
      const values = itemsOf(fieldOf(expression, 'values')).join(', ');
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return `${key} ${operator === 'NotIn' ? 'not in' : 'in'} (${values})`;
    },
  );
  return joined([...pairs(fieldsOf(labels)), ...expressions]);
}

function completions(job: KubernetesObject): string {
  const succeeded = numberOf(at(job, 'status', 'succeeded')) ?? 0;
  const wanted = numberOf(at(job, 'spec', 'completions'));
  if (wanted !== undefined) return `${succeeded}/${wanted}`;
  const parallelism = numberOf(at(job, 'spec', 'parallelism')) ?? 1;
  return parallelism > 1
    ? `${succeeded}/1 of ${parallelism}`
    : `${succeeded}/1`;
}

function lastRestart(pod: KubernetesObject): string | undefined {
  return ['containerStatuses', 'initContainerStatuses']
    .flatMap(list => itemsOf(at(pod, 'status', list)))
    .flatMap(
      status =>
        textOf(at(status, 'lastState', 'terminated', 'finishedAt')) ?? [],
    )
    .sort()
    .at(-1);
}

/** Cells of pods and of what makes them. */
export const WORKLOAD_CELLS: CellTable = {
  podReady: pod => {
    const { ready, containers } = statusOfPod(pod);
    return `${ready}/${containers}`;
  },
  podStatus: pod => statusOfPod(pod).status,
  restarts: pod => statusOfPod(pod).restarts,
  lastRestart,
  readyReplicas: object =>
    `${numberOf(at(object, 'status', 'readyReplicas')) ?? 0}/${
      numberOf(at(object, 'spec', 'replicas')) ?? 1
    }`,
  revision: revisionOf,
  containers: object => ofContainers(object, 'name'),
  images: object => ofContainers(object, 'image'),
  selector: object => selectorWords(at(object, 'spec', 'selector')),
  nodeSelector: object =>
    joined(pairs(fieldsOf(at(podSpecOf(object), 'nodeSelector')))),
  controller: ({ metadata }) => {
    const owner = itemsOf(metadata.ownerReferences).find(
      reference => fieldOf(reference, 'controller') === true,
    );
    const kind = textOf(fieldOf(owner, 'kind'));
    return kind && `${kind}/${textOf(fieldOf(owner, 'name')) ?? ''}`;
  },
  completions,
  duration: job => {
    const start = Date.parse(textOf(at(job, 'status', 'startTime')) ?? '');
    const end = Date.parse(textOf(at(job, 'status', 'completionTime')) ?? '');
    return humanDuration(end - start);
  },
  suspended: object => at(object, 'spec', 'suspend') === true,
  activeJobs: object => itemsOf(at(object, 'status', 'active')).length,
};
