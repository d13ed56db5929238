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

/** Name of the deployment whose replicas an autoscaler rules, or undefined for one of another kind. */
export function scaledDeployment(
  autoscaler: AutoscalerObject,
): string | undefined {
  const { apiVersion, kind, name } = autoscaler.spec?.scaleTargetRef ?? {};
  const isDeployment =
    kind === 'Deployment' && (!apiVersion || apiVersion.startsWith('apps/'));
  return isDeployment ? name : undefined;
}

/** Name of the HorizontalPodAutoscaler that rules a deployment's replicas, by the deployment's name. */
export type AutoscalerNames = ReadonlyMap<string, string>;

/** Which deployments of a namespace have their replicas ruled; none where autoscalers may not be seen. */
export async function autoscalersOf(
  reader: ResourceReader,
  place: { cluster: string; namespace: string },
  context: RequestContext,
): Promise<AutoscalerNames> {
  const list = await listOptional(
    reader,
    { ...AUTOSCALERS, ...place },
    { context },
  );
  const names = new Map<string, string>();
  for (const autoscaler of (list?.items ?? []) as AutoscalerObject[]) {
    const name = scaledDeployment(autoscaler);
    if (name) names.set(name, autoscaler.metadata.name ?? '');
  }
  return names;
}
