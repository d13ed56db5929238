/**
 * Interfaces, permission rules and extension points for modules of the Kubernetes suite.
 *
 * @packageDocumentation
 */
export * from './client';
export * from './extensions';
export * from './permission';
export * from './resources';
