/**
 * Clusters, workloads and their health in the portal.
 *
 * @packageDocumentation
 */
export { k8sPlugin as default } from './plugin';
