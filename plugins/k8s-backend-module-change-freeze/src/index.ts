/**
 * Refuses changes in clusters at times that an operator sets.
 *
 * @packageDocumentation
 */
export { k8sModuleChangeFreeze as default } from './module';
