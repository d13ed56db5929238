import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { k8sApiMiddlewareExtensionPoint } from '@backstage-k8s/plugin-k8s-node';
import { ReadOnlyMiddleware } from './ReadOnlyMiddleware';

const NO_REASON = 'The portal changes nothing at the moment';

/** Keeps a portal from changing anything while it is being worked on (`k8s.readOnly`). @public */
export const k8sModuleReadOnly = createBackendModule({
  pluginId: 'k8s',
  moduleId: 'read-only',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        middleware: k8sApiMiddlewareExtensionPoint,
      },
      async init({ config, middleware }) {
        if (!config.getOptionalBoolean('k8s.readOnly.enabled')) return;
        const reason = config.getOptionalString('k8s.readOnly.reason');
        middleware.addMiddleware(
          new ReadOnlyMiddleware({
            reason: reason ? `${NO_REASON}: ${reason}` : NO_REASON,
          }),
        );
      },
    });
  },
});
