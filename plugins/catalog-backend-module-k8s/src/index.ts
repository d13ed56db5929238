/**
 * Shows the clusters of the Kubernetes suite in the catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleK8s as default } from './module';
