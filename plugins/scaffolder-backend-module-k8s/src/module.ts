import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { scaffolderAutocompleteExtensionPoint } from '@backstage/plugin-scaffolder-node/alpha';
import { createApplyDeploymentAction } from './actions/applyDeploymentAction';
import { createApplyResourceAction } from './actions/applyResourceAction';
import { createNamespaceAction } from './actions/createNamespaceAction';
import { createAutocompleteHandler } from './autocomplete/createAutocompleteHandler';
import { K8sClients } from './client/K8sClients';

/** What the module is called where fields ask for completions: `/v2/autocomplete/k8s/clusters`. */
const PROVIDER = 'k8s';

/** Template actions that create and change what is in clusters, as who started the template. @public */
export const scaffolderModuleK8s = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'k8s',
  register(registration) {
    registration.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        auth: coreServices.auth,
        autocomplete: scaffolderAutocompleteExtensionPoint,
        discovery: coreServices.discovery,
      },
      async init({ actions, auth, autocomplete, discovery }) {
        const clients = new K8sClients({ auth, discovery });
        actions.addActions(
          createNamespaceAction({ clients }),
          createApplyDeploymentAction({ clients }),
          createApplyResourceAction({ clients }),
        );
        autocomplete.addAutocompleteProvider({
          id: PROVIDER,
          handler: createAutocompleteHandler({ auth, clients }),
        });
      },
    });
  },
});
