import type { Schema } from '@backstage-k8s/plugin-k8s-common';
import { isPodReady, podStatus } from '../workloads/podStatus';
import { podTrouble } from '../workloads/podTrouble';
import type { EventObject, PodObject } from '../workloads/WorkloadObjects';
import { createdAt } from './createdAt';
import { plainText } from './plainText';

/** Characters of an image that are shown; longer ones are not valid references anyway. */
const IMAGE_LENGTH = 512;

/** The images of a pod or a pod template, as text, each once. */
export function imagesOf(spec: PodObject['spec']): Schema<'Container'>[] {
  return (spec?.containers ?? []).map(({ name, image }) => ({
    name: plainText(name, 63),
    image: plainText(image, IMAGE_LENGTH),
  }));
}

/** A pod as lists show it; `now` in milliseconds since 1970. */
export function podRow(
  pod: PodObject,
  options: {
    now: number;
    /** Those about this pod; they tell more of what ails it. */
    events?: readonly EventObject[];
    /** Of its deployment, where known. */
    revision?: number;
  },
): Schema<'Pod'> {
  const { now, events = [], revision } = options;
  const { metadata, spec, status } = pod;
  const { status: word, ready, containers, restarts } = podStatus(pod);
  const trouble = podTrouble(pod, { events, now });
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  // One that is only ending is no trouble, nor is one that has done its work.
  const isQuiet =
    isPodReady(pod) ||
    status?.phase === 'Succeeded' ||
    metadata.deletionTimestamp !== undefined;
  return {
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    status: plainText(word, 128),
    healthy: isQuiet && trouble === undefined,
    ...(trouble && {
      reason: `${trouble.words.charAt(0).toUpperCase()}${trouble.words.slice(
        1,
      )}.`,
    }),
    ready,
    containers,
    images: [...new Set(imagesOf(spec).map(({ image }) => image))],
    restarts,
    ...(spec?.nodeName && { node: plainText(spec.nodeName, 253) }),
    ...(owner && {
      ownerKind: plainText(owner.kind, 63),
      ownerName: plainText(owner.name, 253),
    }),
    ...(revision !== undefined && { revision }),
    createdAt: createdAt(pod),
  };
}
