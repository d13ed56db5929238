/** Objects made by a form of their kind's schema: a kind that nobody has heard of, a ConfigMap, a Deployment. */
import { randomBytes } from 'node:crypto';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/portalTest.ts';

const NAMESPACE = 'payments';
const SUFFIX = randomBytes(4).toString('hex');

/** The dialog with the form of a kind, from the list of the kind. */
async function openForm(page: Page, kind: string): Promise<Locator> {
  await page.getByRole('button', { name: `Create ${kind}` }).click();
  const dialog = page.getByRole('dialog');
  await expect(
    dialog.getByLabel('Name', { exact: false }).first(),
  ).toBeFocused();
  return dialog;
}

async function create(dialog: Locator) {
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog).toContainText('Done');
}

const nameOf = (dialog: Locator) => dialog.locator('#root_metadata_name');

test('a ConfigMap is made by form, with YAML in between', async ({
  openAs,
  api,
  clusterId,
}) => {
  const id = await clusterId('dev-eu');
  const name = `form-${SUFFIX}`;
  const page = await openAs(
    'operator',
    `/k8s/clusters/${id}/configuration/core/configmaps?namespace=${NAMESPACE}`,
  );
  const dialog = await openForm(page, 'ConfigMap');
  await nameOf(dialog).fill('Not allowed');
  await expect(
    dialog.getByText('Kubernetes does not allow this name').first(),
  ).toBeVisible();
  await expect(
    dialog.getByRole('button', { name: 'Show what would change' }),
  ).toBeDisabled();
  await nameOf(dialog).fill(name);
  await dialog.getByLabel('Key 1 of Data').fill('greeting');
  await dialog.getByLabel('Value of greeting in Data').fill('hello\nyou');
  await dialog.getByRole('tab', { name: 'YAML' }).click();
  await expect(dialog.locator('.cm-content')).toContainText('greeting');
  await dialog.getByRole('tab', { name: 'Form' }).click();
  await expect(dialog.getByLabel('Key 1 of Data')).toHaveValue('greeting');
  await create(dialog);
  const path = `/clusters/${id}/resources/core/configmaps/${NAMESPACE}/${name}`;
  const { object } = await api('operator', `GET ${path}`);
  expect(object.data).toEqual({ greeting: 'hello\nyou' });
  await api('operator', `DELETE ${path}`);
});

test('a Deployment is made by form; a field that is folded away is found', async ({
  openAs,
  api,
  clusterId,
}) => {
  const id = await clusterId('dev-eu');
  const name = `form-${SUFFIX}`;
  const page = await openAs(
    'operator',
    `/k8s/clusters/${id}/workloads/apps/deployments?namespace=${NAMESPACE}`,
  );
  const dialog = await openForm(page, 'Deployment');
  await nameOf(dialog).fill(name);
  await dialog.locator('#root_spec_replicas').fill('2');
  const container = '#root_spec_template_spec_containers_0';
  await dialog.locator(`${container}_image`).fill('example.org/app:1');
  await dialog.getByRole('button', { name: 'Add to Ports' }).click();
  await dialog.locator(`${container}_ports_0_containerPort`).fill('8080');

  // By keyboard: the field is searched, opened and has the focus.
  await dialog.getByRole('combobox', { name: 'Find a field' }).focus();
  await page.keyboard.type('readinessProbe.httpGet.port');
  await page.keyboard.press('Enter');
  const port = dialog.locator(`${container}_readinessProbe_httpGet_port`);
  await expect(port).toBeFocused();
  await page.keyboard.type('8080');
  await create(dialog);

  const path = `/clusters/${id}/resources/apps/deployments/${NAMESPACE}/${name}`;
  const { object } = await api('operator', `GET ${path}`);
  expect(object.spec.replicas).toBe(2);
  const [made] = object.spec.template.spec.containers;
  expect(made.image).toBe('example.org/app:1');
  expect(made.ports[0].containerPort).toBe(8080);
  expect(made.readinessProbe.httpGet.port).toBe(8080);
  await api('operator', `DELETE ${path}`);
});

for (const theme of ['light', 'dark'] as const) {
  test(`a kind that nobody has heard of is made by form, ${theme}`, async ({
    page: browser,
    openAs,
    api,
    clusterId,
  }) => {
    await browser.addInitScript(
      chosen => localStorage.setItem('theme', chosen),
      theme,
    );
    const id = await clusterId('dev-eu');
    const group = `form-${theme}-${SUFFIX}.example`;
    const definitions = `/clusters/${id}/resources/apiextensions.k8s.io/customresourcedefinitions`;
    const path = `/clusters/${id}/resources/${group}/gadgets`;
    await api('admin', `POST ${definitions}`, {
      manifest: {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `gadgets.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget' },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  required: ['spec'],
                  properties: {
                    spec: {
                      type: 'object',
                      required: ['size', 'mode'],
                      properties: {
                        size: {
                          type: 'integer',
                          minimum: 1,
                          description: 'How large it is. In meters.',
                        },
                        mode: { type: 'string', enum: ['fast', 'safe'] },
                        isOn: { type: 'boolean' },
                        amount: { 'x-kubernetes-int-or-string': true },
                        tags: { type: 'array', items: { type: 'string' } },
                        options: {
                          type: 'object',
                          'x-kubernetes-preserve-unknown-fields': true,
                        },
                      },
                    },
                    status: { type: 'object', properties: {} },
                  },
                },
              },
            },
          ],
        },
      },
    });
    try {
      await expect
        .poll(() => api('admin', `GET ${path}`).catch(() => undefined), {
          timeout: 60_000,
        })
        .toMatchObject({ total: 0 });
      const page = await openAs(
        'operator',
        `/k8s/clusters/${id}/custom/${group}/gadgets`,
      );
      const dialog = await openForm(page, 'Gadget');
      await nameOf(dialog).fill('first');
      await dialog.locator('#root_metadata_namespace').fill(NAMESPACE);
      await dialog.getByLabel('Mode').selectOption('safe');
      await dialog.locator('#root_spec_size').fill('0');
      await expect(dialog.getByText('It has to be at least 1')).toBeVisible();
      await dialog.locator('#root_spec_size').fill('3');
      await dialog.getByLabel('Is on').selectOption('true');
      await dialog.locator('#root_spec_amount').fill('50%');
      await dialog.getByRole('button', { name: 'Add to Tags' }).click();
      await dialog.locator('#root_spec_tags_0').fill('new');
      await dialog
        .getByRole('button', { name: 'Write Options as YAML' })
        .click();
      await dialog.locator('.cm-content').click();
      await page.keyboard.insertText('deep: { er: 1 }');

      const { violations } = await new AxeBuilder({ page })
        .include('[role="dialog"]')
        .analyze();
      const serious = violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      );
      expect(
        serious.map(({ id: rule, nodes }) => `${rule}: ${nodes[0].html}`),
      ).toEqual([]);

      await create(dialog);
      const { object } = await api(
        'operator',
        `GET ${path}/${NAMESPACE}/first`,
      );
      expect(object.spec).toEqual({
        ...{ size: 3, mode: 'safe', isOn: true, amount: '50%' },
        ...{ tags: ['new'], options: { deep: { er: 1 } } },
      });
    } finally {
      await api('admin', `DELETE ${definitions}/_/gadgets.${group}`);
    }
  });
}
