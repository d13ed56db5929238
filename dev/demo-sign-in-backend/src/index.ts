/**
 * The sign-in of the development portal.
 *
 * @packageDocumentation
 */
export { authModuleK8sDemo as default } from './module';
