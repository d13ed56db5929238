export { createServiceClient, isNotFoundAnswer } from './createServiceClient';
export type { ServiceClientOptions } from './createServiceClient';
