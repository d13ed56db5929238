/**
 * Annotations and labels by which catalog entities and Kubernetes objects name each other.
 * The `backstage.io` ones are Backstage's own, so that entities need not be written again.
 *
 * @see https://backstage.io/docs/features/kubernetes/configuration#surfacing-your-kubernetes-components-as-part-of-an-entity
 */

/** On an entity and, as a label, on its workloads: the id that joins them. @public */
export const ANNOTATION_KUBERNETES_ID = 'backstage.io/kubernetes-id';
/** On an entity: the only namespace to look in. @public */
export const ANNOTATION_KUBERNETES_NAMESPACE =
  'backstage.io/kubernetes-namespace';
/** On an entity: a label selector, instead of the id. @public */
export const ANNOTATION_KUBERNETES_LABEL_SELECTOR =
  'backstage.io/kubernetes-label-selector';
/** On an entity: the name of the only cluster to look in. @public */
export const ANNOTATION_KUBERNETES_CLUSTER = 'backstage.io/kubernetes-cluster';
/** On a cluster's entity: the id of the cluster. @public */
export const ANNOTATION_CLUSTER_ID = 'backstage-k8s.io/cluster-id';
/** On a cluster's entity: who owns the cluster, as the registry says; absent: nobody does, whoever owns the entity. @public */
export const ANNOTATION_CLUSTER_OWNER = 'backstage-k8s.io/cluster-owner';
/** On a cluster's entity, where so configured: the address of its API server. @public */
export const ANNOTATION_CLUSTER_SERVER = 'backstage-k8s.io/api-server';
/** On a cluster's entity, where so configured: its CA as base64 of PEM. @public */
export const ANNOTATION_CLUSTER_CA = 'backstage-k8s.io/api-server-ca';
/** `spec.type` of the `Resource` entity of a cluster. @public */
export const CLUSTER_ENTITY_TYPE = 'kubernetes-cluster';

/** On an object: the request that wrote it last, so that a repeated request can tell. @public */
export const ANNOTATION_REQUEST = 'backstage-k8s.io/request';
/** On a pod template: when it was last restarted, as kubectl does. @public */
export const ANNOTATION_RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
/** On a Deployment and its ReplicaSets: the number of the revision. @public */
export const ANNOTATION_REVISION = 'deployment.kubernetes.io/revision';
/** On a Deployment and its ReplicaSets: why a revision was made. @public */
export const ANNOTATION_CHANGE_CAUSE = 'kubernetes.io/change-cause';
/** What the API server calls us in `managedFields`. @public */
export const FIELD_MANAGER = 'backstage-k8s';
