import { parseQuantity } from '@backstage-k8s/plugin-k8s-common';
import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  ContainerSpec,
  DeploymentSpec,
  PodSpec,
  PodTemplate,
} from './WorkloadObjects';

/** Quantities that containers request where they name none. */
export interface ResourceDefaults {
  cpu: string;
  memory: string;
}

const RESOURCES = ['cpu', 'memory'] as const;

/** What is not an object is left as it is, for the API server to refuse. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isRecordOrAbsent = (value: unknown) =>
  value === undefined || value === null || isRecord(value);

function withDefaults(
  container: ContainerSpec,
  defaults: Partial<ResourceDefaults>,
): ContainerSpec {
  const { resources } = container;
  if (
    !isRecordOrAbsent(resources) ||
    !isRecordOrAbsent(resources?.requests) ||
    !isRecordOrAbsent(resources?.limits)
  ) {
    return container;
  }
  const added: Record<string, string> = {};
  for (const key of RESOURCES) {
    const wanted = defaults[key];
    const isNamed = resources?.requests?.[key] !== undefined;
    if (wanted === undefined || isNamed) continue;
    const limit = resources?.limits?.[key];
    const isAbove =
      limit !== undefined &&
      (parseQuantity(wanted) ?? 0) > (parseQuantity(limit) ?? Infinity);
    // A request above the limit is refused by the API server.
    added[key] = isAbove ? limit : wanted;
  }
  if (Object.keys(added).length === 0) return container;
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
  if (!isRecord(spec.template) || !isRecord(pod)) return spec;
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
          isRecord(container) ? withDefaults(container, missing) : container,
        )
      : containers;
  const filled: PodSpec = { ...pod };
  if ('containers' in pod) filled.containers = fill(pod.containers);
  if ('initContainers' in pod) filled.initContainers = fill(pod.initContainers);
  return { ...spec, template: { ...spec.template, spec: filled } };
}

type Fields = Readonly<Record<string, unknown>>;

function filledAt(
  fields: Fields,
  path: readonly string[],
  fill: (template: PodTemplate) => PodTemplate,
): Fields {
  if (path.length === 0) return { ...fill(fields) };
  const [name, ...rest] = path;
  const inner = fields[name];
  return isRecord(inner)
    ? { ...fields, [name]: filledAt(inner, rest, fill) }
    : fields;
}

/**
 * A copy of a manifest whose pods request CPU and memory, see {@link withResourceDefaults}.
 *
 * @param options - `podTemplate`: where the manifest keeps what its pods are made from; empty: it is a pod itself
 */
export function withPodDefaults(
  manifest: KubernetesObject,
  options: { podTemplate: readonly string[]; defaults: ResourceDefaults },
): KubernetesObject {
  const { podTemplate, defaults } = options;
  const fill = (template: PodTemplate) =>
    withResourceDefaults({ template }, defaults).template ?? template;
  return filledAt(manifest, podTemplate, fill) as KubernetesObject;
}
