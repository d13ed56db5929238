import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { k8sClusterAuthenticationExtensionPoint } from '@backstage-k8s/plugin-k8s-node';
import { OAuthClientStrategy } from './OAuthClientStrategy';
import { readIssuers } from './readIssuers';

/** Signs in to clusters as an OAuth client of one of the issuers in `k8s.oauth.issuers`. @public */
export const k8sModuleOAuth = createBackendModule({
  pluginId: 'k8s',
  moduleId: 'oauth',
  register(registration) {
    registration.registerInit({
      deps: {
        authentication: k8sClusterAuthenticationExtensionPoint,
        config: coreServices.rootConfig,
      },
      async init({ authentication, config }) {
        const issuers = readIssuers(config);
        // Without an issuer there is nothing to choose.
        if (issuers.length === 0) return;
        authentication.addStrategy(
          new OAuthClientStrategy({ issuers, now: () => Date.now() }),
        );
      },
    });
  },
});
