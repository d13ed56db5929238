import { ANNOTATION_REQUEST } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import { visible } from '../views/visibleText';
import { differences } from './differences';
import { ownersOf } from './fieldOwners';
import { fieldPathText } from './fieldPath';

/** Annotations that say nothing about what is wanted. */
const NOISE_ANNOTATIONS = [
  ANNOTATION_REQUEST,
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
];

/** The object as somebody would write it: without status, versions, and what managers note for themselves. */
export function manifestOf(object: KubernetesObject): KubernetesObject {
  const { status: _, metadata, ...rest } = object;
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => !NOISE_ANNOTATIONS.includes(key),
    ),
  );
  const { name, namespace, labels } = metadata;
  return {
    ...rest,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
  };
}

/** What a deletion would do: the object goes, as it is now. */
export function planOfDeletion(before: KubernetesObject): Schema<'Plan'> {
  return {
    before: { ...(visible(manifestOf(before)) as KubernetesObject) },
    ...{ after: null, changes: [], warnings: [] },
  };
}

/** What a change would do: the live object (absent: there is none yet) and the API server's answer to a dry run. Without warnings. */
export function planOf(options: {
  before?: KubernetesObject;
  after: KubernetesObject;
}): Schema<'Plan'> {
  const { before, after } = options;
  const was = before && manifestOf(before);
  const willBe = manifestOf(after);
  const changes = differences(was ?? {}, willBe).map(difference => {
    const owners = before ? ownersOf(before, difference.path) : [];
    return {
      path: String(visible(fieldPathText(difference.path))),
      ...('before' in difference && { before: visible(difference.before) }),
      ...('after' in difference && { after: visible(difference.after) }),
      ...(owners.length > 0 && { owner: String(visible(owners.join(', '))) }),
    };
  });
  return {
    before: was ? { ...(visible(was) as KubernetesObject) } : null,
    after: { ...(visible(willBe) as KubernetesObject) },
    changes,
    warnings: [],
  };
}
