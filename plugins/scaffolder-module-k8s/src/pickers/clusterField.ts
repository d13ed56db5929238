import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { ClusterPicker, clusterPickerSchema } from './ClusterPicker';

/** `ui:field: K8sClusterPicker`. */
export const clusterField = createFormField({
  name: 'K8sClusterPicker',
  component: ClusterPicker,
  schema: clusterPickerSchema,
});
