import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import { demoAuthenticator, signInDemoUser } from './demoAuthenticator';
import { PROVIDER_ID, reasonNotToLoad } from './reasonNotToLoad';

/** Signs the four demo users in without a password, on the development portal and nowhere else. @public */
export const authModuleK8sDemo = createBackendModule({
  pluginId: 'auth',
  moduleId: PROVIDER_ID,
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        providers: authProvidersExtensionPoint,
      },
      async init({ config, logger, providers }) {
        const environment = process.env.NODE_ENV;
        const reason = reasonNotToLoad({ config, environment });
        if (reason) {
          logger.info('The demo sign-in is off', { reason });
          return;
        }
        providers.registerProvider({
          providerId: PROVIDER_ID,
          factory: createProxyAuthProviderFactory({
            authenticator: demoAuthenticator,
            signInResolver: signInDemoUser,
          }),
        });
      },
    });
  },
});
