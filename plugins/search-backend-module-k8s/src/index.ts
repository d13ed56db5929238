/**
 * Puts what runs on the clusters of the Kubernetes suite into Backstage's search.
 *
 * @packageDocumentation
 */
export { searchModuleK8s as default } from './module';
export type { K8sDocument } from './K8sDocument';
