/**
 * Shapes, kinds, permissions and the API client of the Kubernetes suite.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './columns';
export * from './K8sClient';
export * from './kinds';
export { KINDS } from './kindTable';
export { columnsOf } from './kindColumns';
export * from './KubernetesObject';
export * from './names';
export * from './permissionReferences';
export * from './permissions';
export * from './quantities';
export * from './roles';
export * from './searchedKinds';
export type { components, operations, paths } from './generated/openapi';
