/**
 * What each change that only deployments have sends to the API server. Every one is a patch of the live object with its resourceVersion
 * as precondition, so that what it says nothing of stays.
 */
import { InputError } from '@backstage/errors';
import type { ResourcePatch } from '@backstage-k8s/plugin-k8s-node';
import { changeCause } from './changeCause';
import type { DeploymentObject, DeploymentSpec } from './WorkloadObjects';

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
