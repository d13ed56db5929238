/**
 * Template form fields of the Kubernetes suite.
 *
 * @packageDocumentation
 */
export { scaffolderModuleK8s as default } from './module';
