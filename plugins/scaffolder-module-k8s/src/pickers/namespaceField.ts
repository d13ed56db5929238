import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { NamespacePicker, namespacePickerSchema } from './NamespacePicker';
import { validateNamespace } from './validateNamespace';

/** `ui:field: K8sNamespacePicker`. */
export const namespaceField = createFormField({
  name: 'K8sNamespacePicker',
  component: NamespacePicker,
  schema: namespacePickerSchema,
  validation: validateNamespace,
});
