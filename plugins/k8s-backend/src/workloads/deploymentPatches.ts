/**
 * What each change of a deployment sends to the API server. Every one is a patch of the live object with its resourceVersion
 * as precondition, so that what it says nothing of stays.
 */
import { InputError, NotFoundError } from '@backstage/errors';
import {
  ANNOTATION_CHANGE_CAUSE,
  ANNOTATION_RESTARTED_AT,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  JsonPatchStep,
  ResourcePatch,
} from '@backstage-k8s/plugin-k8s-node';
import { templateOf } from './revisions';
import { revisionOf } from './rollout';
import type {
  DeploymentObject,
  DeploymentSpec,
  ReplicaSetObject,
} from './WorkloadObjects';

/**
 * The step that notes why a revision is made: each change of the template notes its own, or the last one's note would stand
 * on it. A deployment that its controller has not seen yet has no annotations to add to, and no revision either.
 */
function changeCause(live: DeploymentObject, text: string): JsonPatchStep[] {
  if (!live.metadata.annotations) return [];
  const key = ANNOTATION_CHANGE_CAUSE.replace('/', '~1');
  return [{ op: 'add', path: `/metadata/annotations/${key}`, value: text }];
}

/** The whole spec; without replicas the live value stays. */
export function replacePatch(
  live: DeploymentObject,
  options: { spec: DeploymentSpec; keepsReplicas: boolean },
): ResourcePatch {
  const { spec, keepsReplicas } = options;
  const replicas = keepsReplicas ? live.spec?.replicas : spec.replicas;
  const value: DeploymentSpec = { ...spec, replicas };
  if (replicas === undefined) delete value.replicas;
  return [
    { op: live.spec ? 'replace' : 'add', path: '/spec', value },
    ...changeCause(live, 'spec replaced'),
  ];
}

/** @throws InputError that lists the containers when there is none of that name */
export function imagePatch(
  live: DeploymentObject,
  options: { container: string; image: string },
): ResourcePatch {
  const { container, image } = options;
  const pod = live.spec?.template?.spec;
  for (const list of ['containers', 'initContainers'] as const) {
    const index = (pod?.[list] ?? []).findIndex(
      ({ name }) => name === container,
    );
    if (index < 0) continue;
    const path = `/spec/template/spec/${list}/${index}`;
    return [
      { op: 'test', path: `${path}/name`, value: container },
      { op: 'add', path: `${path}/image`, value: image },
      ...changeCause(live, `image of ${container}: ${image}`),
    ];
  }
  const names = [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])]
    .map(({ name }) => name)
    .join(', ');
  throw new InputError(
    `${live.metadata.name} has no container ${container}; it has ${names}`,
  );
}

/** Only the number of replicas. */
export function scalePatch(replicas: number): ResourcePatch {
  return { spec: { replicas } };
}

/** What `kubectl rollout restart` does. */
export function restartPatch(at: Date): ResourcePatch {
  const restartedAt = at.toISOString();
  return {
    metadata: {
      annotations: { [ANNOTATION_CHANGE_CAUSE]: `restarted at ${restartedAt}` },
    },
    spec: {
      template: {
        metadata: { annotations: { [ANNOTATION_RESTARTED_AT]: restartedAt } },
      },
    },
  };
}

/**
 * The whole pod template of a revision. Of the present revision it is the template as it is: a repeated roll-back is a
 * success that changes nothing.
 *
 * @throws NotFoundError that lists the revisions when there is none of that number
 */
export function rollbackPatch(
  live: DeploymentObject,
  options: { revision: number; replicaSets: readonly ReplicaSetObject[] },
): ResourcePatch {
  const { revision, replicaSets } = options;
  const found = replicaSets.find(
    replicaSet => revisionOf(replicaSet) === revision,
  );
  if (!found) {
    const revisions = replicaSets
      .flatMap(replicaSet => revisionOf(replicaSet) ?? [])
      .sort((one, other) => one - other);
    throw new NotFoundError(
      `${live.metadata.name} has no revision ${revision}; ${
        revisions.length > 0
          ? `its revisions are ${revisions.join(', ')}`
          : 'it has none yet'
      }`,
    );
  }
  return [
    { op: 'replace', path: '/spec/template', value: templateOf(found) },
    ...(revisionOf(live) === revision
      ? []
      : changeCause(live, `roll-back to revision ${revision}`)),
  ];
}
