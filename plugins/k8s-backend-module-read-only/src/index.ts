/**
 * Keeps a portal from changing anything in clusters while it is being worked on.
 *
 * @packageDocumentation
 */
export { k8sModuleReadOnly as default } from './module';
