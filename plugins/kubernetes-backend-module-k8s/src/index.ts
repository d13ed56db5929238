/**
 * Shows clusters of the Kubernetes suite to Backstage's own kubernetes plugin, as the user who looks.
 *
 * @packageDocumentation
 */
export { kubernetesModuleK8s as default } from './module';
