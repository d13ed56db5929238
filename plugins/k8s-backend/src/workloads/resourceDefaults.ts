import { parseQuantity } from '@backstage-k8s/plugin-k8s-common';
import type { ContainerSpec, DeploymentSpec, PodSpec } from './WorkloadObjects';

/** Quantities that containers request where they name none. */
export interface ResourceDefaults {
  cpu: string;
  memory: string;
}

const RESOURCES = ['cpu', 'memory'] as const;

function isMissing(container: ContainerSpec, key: 'cpu' | 'memory'): boolean {
  return container.resources?.requests?.[key] === undefined;
}

function withDefaults(
  container: ContainerSpec,
  defaults: Partial<ResourceDefaults>,
): ContainerSpec {
  const added: Record<string, string> = {};
  for (const key of RESOURCES) {
    const wanted = defaults[key];
    if (wanted === undefined || !isMissing(container, key)) continue;
    const limit = container.resources?.limits?.[key];
    const isAbove =
      limit !== undefined &&
      (parseQuantity(wanted) ?? 0) > (parseQuantity(limit) ?? Infinity);
    // A request above the limit is refused by the API server.
    added[key] = isAbove ? limit : wanted;
  }
  if (Object.keys(added).length === 0) return container;
  const { resources } = container;
  return {
    ...container,
    resources: { ...resources, requests: { ...resources?.requests, ...added } },
  };
}

/**
 * A copy of the spec in which every container and init container requests CPU and memory: what it names stays, what it does
 * not name is the default, or its limit where that is lower. Resources that the pod names as a whole are left alone.
 */
export function withResourceDefaults(
  spec: DeploymentSpec,
  defaults: ResourceDefaults,
): DeploymentSpec {
  const pod = spec.template?.spec;
  if (typeof pod !== 'object' || pod === null) return spec;
  const whole = { ...pod.resources?.limits, ...pod.resources?.requests };
  const missing = Object.fromEntries(
    RESOURCES.filter(key => whole[key] === undefined).map(key => [
      key,
      defaults[key],
    ]),
  );
  const fill = (containers: PodSpec['containers']) =>
    Array.isArray(containers)
      ? containers.map(container =>
          typeof container === 'object' && container !== null
            ? withDefaults(container, missing)
            : container,
        )
      : containers;
  const filled: PodSpec = { ...pod };
  if ('containers' in pod) filled.containers = fill(pod.containers);
  if ('initContainers' in pod) filled.initContainers = fill(pod.initContainers);
  return { ...spec, template: { ...spec.template, spec: filled } };
}
