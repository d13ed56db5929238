/**
 * Signs in to clusters as an OAuth client, with short-lived tokens that renew themselves.
 *
 * @packageDocumentation
 */
export { k8sModuleOAuth as default } from './module';
