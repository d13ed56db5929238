/**
 * For tests of modules of the Kubernetes suite.
 *
 * @packageDocumentation
 */
export * from './suiteStandIn';
