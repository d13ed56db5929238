/** The template "Deploy a service" as a person fills it in: its form, what it made, who may not, and the editor's dry run. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './support/portalTest.ts';

const TEMPLATE = 'dev/demo/templates/deploy-a-service/template.yaml';
const FORM = '/create/templates/default/deploy-a-service';
const CLUSTER = 'dev-eu';
const SUFFIX = randomBytes(4).toString('hex');
const NAMESPACE = `templates-${SUFFIX}`;
const NAME = `front-${SUFFIX}`;

const field = (page: Page, name: string) => page.getByRole('textbox', { name });
const press = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).click();

/** From the first step of the form to the one that asks where it runs. */
async function describeService(page: Page, image: string) {
  await field(page, 'Name').fill(NAME);
  await field(page, 'Image').fill(image);
  await press(page, 'Next');
}

async function chooseCluster(page: Page) {
  await field(page, 'Cluster').click();
  await page.getByRole('option', { name: CLUSTER }).click();
  await expect(field(page, 'Namespace')).toBeEnabled();
}

test.afterAll(async ({ api, clusterId }) => {
  const id = await clusterId(CLUSTER);
  const { namespaces } = await api('admin', `GET /clusters/${id}/namespaces`);
  if (namespaces.some((one: { name: string }) => one.name === NAMESPACE)) {
    await api('admin', `DELETE /clusters/${id}/namespaces/${NAMESPACE}`);
  }
});

test('an operator deploys a service, and the result leads to it', async ({
  openAs,
}) => {
  const page = await openAs('operator', FORM);
  await field(page, 'Name').fill('My Shop');
  await field(page, 'Image').fill('registry.example/shop/front:1');
  await press(page, 'Next');
  await expect(
    page.getByText(/only small letters, digits and hyphens/).first(),
  ).toBeVisible();
  await describeService(page, 'registry.example/shop/front:1');

  await expect(field(page, 'Namespace')).toBeDisabled();
  await expect(page.getByText('Choose a cluster first.')).toBeVisible();
  await chooseCluster(page);
  await field(page, 'Namespace').click();
  await expect(page.getByRole('option', { name: 'payments' })).toBeVisible();
  await field(page, 'Namespace').fill('My Shop');
  await press(page, 'Review');
  await expect(
    page.getByText(/is not a name that Kubernetes allows/).first(),
  ).toBeVisible();
  await field(page, 'Namespace').fill(NAMESPACE);
  await press(page, 'Review');
  for (const value of [NAME, CLUSTER, NAMESPACE]) {
    await expect(page.getByText(value, { exact: true })).toBeVisible();
  }
  await press(page, 'Create');

  // As the outcome, and in the log below.
  await expect(page.getByText(`of ${CLUSTER}: deployed`).first()).toBeVisible();
  await page.getByRole('link', { name: `Open ${NAME}` }).click();
  await expect(page).toHaveURL(
    new RegExp(`/object/apps/deployments/${NAMESPACE}/${NAME}`),
  );
  await expect(page.getByRole('heading', { name: NAME })).toBeVisible();
});

test('the dry run of the editor plans and changes nothing', async ({
  page,
  openAs,
  api,
  clusterId,
}) => {
  // Nobody can answer the dialog of the system that asks for a folder.
  await page.addInitScript(() => {
    Object.assign(window, {
      showDirectoryPicker: () => navigator.storage.getDirectory(),
    });
  });
  await openAs('operator', '/create/edit');
  await page.evaluate(async text => {
    const folder = await navigator.storage.getDirectory();
    const file = await folder.getFileHandle('template.yaml', { create: true });
    const writable = await file.createWritable();
    await writable.write(text);
    await writable.close();
  }, await readFile(TEMPLATE, 'utf8'));
  await page.getByText('Load Template Directory').click();
  await page.getByText('template.yaml').click();
  await describeService(page, 'registry.example/shop/front:2');
  await chooseCluster(page);
  await field(page, 'Namespace').fill('payments');
  await press(page, 'Review');
  await press(page, 'Create');
  await expect(page.getByText('Dry-run results')).toBeVisible();
  await page.getByRole('tab', { name: 'Output' }).click();
  await expect(page.getByText(/of dev-eu: planned/)).toBeVisible();

  const id = await clusterId(CLUSTER);
  const { deployments } = await api(
    'operator',
    `GET /clusters/${id}/deployments?namespace=payments`,
  );
  expect(deployments.map(({ name }: { name: string }) => name)).not.toContain(
    NAME,
  );
});

test('a viewer is told which role is missing', async ({ openAs }) => {
  const page = await openAs('viewer', FORM);
  await describeService(page, 'registry.example/shop/front:1');
  await chooseCluster(page);
  await field(page, 'Namespace').fill('payments');
  await press(page, 'Review');
  await press(page, 'Create');
  await expect(
    page.getByText(/needs the role K8sOperator/).first(),
  ).toBeVisible();
});
