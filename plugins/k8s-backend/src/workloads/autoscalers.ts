import type { KubernetesObject } from '@backstage-k8s/plugin-k8s-common';
import type {
  RequestContext,
  ResourceReader,
} from '@backstage-k8s/plugin-k8s-node';
import { AUTOSCALERS } from './ResourceKinds';
import { listOptional } from './listOptional';

/** A HorizontalPodAutoscaler. */
export interface AutoscalerObject extends KubernetesObject {
  spec?: {
    scaleTargetRef?: { apiVersion?: string; kind?: string; name?: string };
  };
}

/** What a HorizontalPodAutoscaler may rule. */
export interface ScaleTarget {
  group: string;
  kind: string;
}

const DEPLOYMENT: ScaleTarget = { group: 'apps', kind: 'Deployment' };

/** Name of the object whose replicas an autoscaler rules, or undefined for one of another kind. */
export function scaledObject(
  autoscaler: AutoscalerObject,
  target: ScaleTarget,
): string | undefined {
  const { apiVersion, kind, name } = autoscaler.spec?.scaleTargetRef ?? {};
  const group = apiVersion?.includes('/') ? apiVersion.split('/')[0] : '';
  // Without a version it is of the kind's own.
  const isOfGroup = !apiVersion || group === target.group;
  return kind === target.kind && isOfGroup ? name : undefined;
}

/** Name of the deployment whose replicas an autoscaler rules, or undefined for one of another kind. */
export function scaledDeployment(
  autoscaler: AutoscalerObject,
): string | undefined {
  return scaledObject(autoscaler, DEPLOYMENT);
}

/** Name of the HorizontalPodAutoscaler that rules an object's replicas, by the object's name. */
export type AutoscalerNames = ReadonlyMap<string, string>;

/** Which objects of a kind (default: deployments) in a namespace have their replicas ruled; none where autoscalers may not be seen. */
export async function autoscalersOf(
  reader: ResourceReader,
  place: { cluster: string; namespace: string; target?: ScaleTarget },
  context: RequestContext,
): Promise<AutoscalerNames> {
  const { cluster, namespace, target = DEPLOYMENT } = place;
  const list = await listOptional(
    reader,
    { ...AUTOSCALERS, cluster, namespace },
    { context },
  );
  const names = new Map<string, string>();
  for (const autoscaler of (list?.items ?? []) as AutoscalerObject[]) {
    const name = scaledObject(autoscaler, target);
    if (name) names.set(name, autoscaler.metadata.name ?? '');
  }
  return names;
}
