/**
 * The back end of the Kubernetes suite: registry, health, resources and audit of Kubernetes clusters.
 *
 * @packageDocumentation
 */
export { k8sPlugin as default } from './plugin';
