import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';

/** Adds `K8sClusterPicker`. */
export const clusterPicker = FormFieldBlueprint.make({
  name: 'k8s-cluster-picker',
  params: {
    field: () =>
      import('./pickers/clusterField').then(module => module.clusterField),
  },
});

/** Adds `K8sNamespacePicker`. */
export const namespacePicker = FormFieldBlueprint.make({
  name: 'k8s-namespace-picker',
  params: {
    field: () =>
      import('./pickers/namespaceField').then(module => module.namespaceField),
  },
});

/** Adds `K8sClusterPicker` and `K8sNamespacePicker` to the forms of templates. @public */
export const scaffolderModuleK8s = createFrontendModule({
  pluginId: 'scaffolder',
  extensions: [clusterPicker, namespacePicker],
});
