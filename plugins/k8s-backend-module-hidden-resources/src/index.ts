/**
 * Hides namespaces and kinds in clusters from who need not see them.
 *
 * @packageDocumentation
 */
export { k8sModuleHiddenResources as default } from './module';
