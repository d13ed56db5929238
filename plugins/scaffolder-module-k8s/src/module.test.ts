import { createExtensionTester } from '@backstage/frontend-test-utils';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import { clusterPicker, namespacePicker } from './module';

const { formFieldLoader } = FormFieldBlueprint.dataRefs;

it.each([
  ['K8sClusterPicker', createExtensionTester(clusterPicker)],
  ['K8sNamespacePicker', createExtensionTester(namespacePicker)],
])('gives templates the field %s', async (name, tester) => {
  const load = tester.get(formFieldLoader);
  await expect(load()).resolves.toMatchObject({
    name,
    component: expect.any(Function),
    schema: { schema: { returnValue: { type: 'string' } } },
  });
});
