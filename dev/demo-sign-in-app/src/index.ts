/**
 * The sign-in page of the development portal.
 *
 * @packageDocumentation
 */
export { demoSignInModule as default } from './module';
