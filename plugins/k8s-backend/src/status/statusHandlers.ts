import type { Handlers } from '../router/Handlers';
import type { DevelopmentClusters } from './readDevelopmentClusters';

/** What the handlers of the installation's state work with. */
export interface StatusHandlersOptions {
  /** Whether `permission.enabled` is true. */
  permissionEnabled: boolean;
  /** Whether there is a key to store credentials with. */
  encryptionConfigured: boolean;
  /** Empty but in the development portal. */
  developmentClusters: () => Promise<DevelopmentClusters>;
}

/** Answers what an administrator has to know about this installation. */
export function statusHandlers(
  options: StatusHandlersOptions,
): Pick<Handlers, 'getStatus'> {
  return {
    getStatus: async ({ context }) => ({
      user: { ref: context.principal.ref },
      permission: options.permissionEnabled ? 'enabled' : 'disabled',
      encryption: options.encryptionConfigured ? 'configured' : 'missing',
      developmentClusters: await options.developmentClusters(),
    }),
  };
}
