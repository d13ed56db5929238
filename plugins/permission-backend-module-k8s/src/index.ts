/**
 * The ready permission policy of the Kubernetes suite.
 *
 * @packageDocumentation
 */
export { K8sPolicy } from './K8sPolicy';
export { permissionModuleK8s as default } from './module';
export { readRoleBindings } from './readRoleBindings';
export type { RoleBinding } from './RoleBinding';
