import { traitsOf } from '@backstage-k8s/plugin-k8s-common';
import type { ResourceType } from '@backstage-k8s/plugin-k8s-common';
import {
  attachmentHealth,
  autoscalerHealth,
  budgetHealth,
  claimHealth,
  definitionHealth,
  eventHealth,
  ingressHealth,
  namespaceHealth,
  nodeHealth,
  requestHealth,
  routeHealth,
  serviceHealth,
  volumeHealth,
} from './clusterHealth';
import { conditionHealth, deletionHealth } from './conditionHealth';
import { health } from './Health';
import type { HealthCheck } from './Health';
import {
  cronJobHealth,
  daemonSetHealth,
  deploymentHealth,
  jobHealth,
  podHealth,
  replicaSetHealth,
  statefulSetHealth,
} from './workloadHealth';

/** By plural and group; every other kind goes by its conditions. */
const CHECKS: Readonly<Record<string, HealthCheck>> = {
  'pods.': podHealth,
  'deployments.apps': deploymentHealth,
  'statefulsets.apps': statefulSetHealth,
  'daemonsets.apps': daemonSetHealth,
  'replicasets.apps': replicaSetHealth,
  'replicationcontrollers.': replicaSetHealth,
  'jobs.batch': jobHealth,
  'cronjobs.batch': cronJobHealth,
  'nodes.': nodeHealth,
  'namespaces.': namespaceHealth,
  'services.': serviceHealth,
  'ingresses.networking.k8s.io': ingressHealth,
  'httproutes.gateway.networking.k8s.io': routeHealth,
  'grpcroutes.gateway.networking.k8s.io': routeHealth,
  'tlsroutes.gateway.networking.k8s.io': routeHealth,
  'tcproutes.gateway.networking.k8s.io': routeHealth,
  'udproutes.gateway.networking.k8s.io': routeHealth,
  'persistentvolumeclaims.': claimHealth,
  'persistentvolumes.': volumeHealth,
  'volumeattachments.storage.k8s.io': attachmentHealth,
  'horizontalpodautoscalers.autoscaling': autoscalerHealth,
  'poddisruptionbudgets.policy': budgetHealth,
  'events.': eventHealth,
  'events.events.k8s.io': eventHealth,
  'customresourcedefinitions.apiextensions.k8s.io': definitionHealth,
  'certificatesigningrequests.certificates.k8s.io': requestHealth,
};

const plainHealth: HealthCheck = () => health('healthy');

/** What tells how objects of a kind are doing. */
export function healthOf(type: ResourceType): HealthCheck {
  const fallback = traitsOf(type)?.isPlain ? plainHealth : conditionHealth;
  const check = CHECKS[`${type.plural}.${type.group}`] ?? fallback;
  return object => deletionHealth(object) ?? check(object);
}
