/** Clusters: what one sees of them by role, and the way of an administrator who registers one. */
import { portalCommand } from '../integration/support/portalCommand.ts';
import { expect, test } from './support/portalTest.ts';

const LIST = '/k8s/clusters';

for (const user of ['viewer', 'operator', 'admin'] as const) {
  test(`${user} sees both clusters`, async ({ openAs }) => {
    const page = await openAs(user, LIST);
    for (const name of ['dev-eu', 'dev-us']) {
      const row = page.getByRole('row').filter({ hasText: name });
      await expect(row).toContainText('healthy', { timeout: 60_000 });
      await expect(row).toContainText('3/3');
    }
  });
}

test('an owner sees the own cluster only, and no trace of the other', async ({
  openAs,
  url,
  clusterId,
}) => {
  const us = await clusterId('dev-us');
  const page = await openAs('owner', LIST);
  await expect(
    page.getByRole('row').filter({ hasText: 'dev-eu' }),
  ).toBeVisible();
  await expect(page.getByText('dev-us')).toHaveCount(0);
  await page.goto(`${url}/k8s/clusters/${us}`);
  await expect(
    page.getByText('It does not exist, or you may not see it'),
  ).toBeVisible();
});

test('only who may register can', async ({ openAs }) => {
  const page = await openAs('operator', LIST);
  const button = page
    .getByRole('button', { name: 'Register cluster' })
    .or(page.getByRole('link', { name: 'Register cluster' }))
    .first();
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await button.focus();
  await expect(page.getByRole('tooltip', { name: /K8sAdmin/ })).toBeVisible();
});

test('a kubeconfig is taken wherever on the page it is dropped', async ({
  openAs,
}) => {
  const page = await openAs('admin', '/k8s/register');
  const field = page.getByRole('textbox', { name: 'Kubeconfig' });
  await expect(field).toBeEnabled();
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['current-context: dropped'], 'mine.yaml'));
    return data;
  });
  // On the heading, where a browser would otherwise leave the page for the file.
  const heading = page.getByRole('heading', { name: 'Register a cluster' });
  await heading.dispatchEvent('dragover', { dataTransfer: dropped });
  await expect(page.getByText('Drop the file anywhere')).toBeVisible();
  await heading.dispatchEvent('drop', { dataTransfer: dropped });
  await expect(field).toHaveValue('current-context: dropped');
  await expect(page.getByText('mine.yaml was read')).toBeVisible();
});

test('while rights cannot be had nothing may be done, which is said and can be tried again', async ({
  openAs,
  page,
}) => {
  await page.route('**/api/k8s/access-reviews', route =>
    route.fulfill({
      status: 503,
      json: {
        error: { name: 'ServiceUnavailableError', message: 'No policy' },
        response: { statusCode: 503 },
      },
    }),
  );
  await openAs('admin', LIST);
  const alert = page.getByRole('alert').filter({ hasText: 'Your rights' });
  await expect(alert).toContainText('No policy');
  const button = page.getByRole('button', { name: 'Register cluster' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await page.unroute('**/api/k8s/access-reviews');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(button).not.toHaveAttribute('aria-disabled', 'true');
  await expect(alert).toHaveCount(0);
});

test('an administrator removes a cluster and registers it again', async ({
  openAs,
  api,
  clusterId,
  url,
}) => {
  const before = await clusterId('dev-us');
  const page = await openAs('admin', `${LIST}/${before}/settings`);
  await page.getByRole('button', { name: 'Remove cluster' }).click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: 'Remove cluster' });
  await expect(confirm).toBeDisabled();
  await dialog.getByRole('textbox').fill('dev-us');
  await confirm.click();
  await expect
    .poll(async () => (await api('admin', 'GET /clusters')).clusters.length)
    .toBe(1);

  await page.goto(`${url}/k8s/register`);
  // What cannot work says what is wrong, and is not stored.
  await page
    .getByRole('textbox', { name: 'Kubeconfig' })
    .fill('users: [{name: a, user: {exec: {command: sh}}}]');
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('The access does not work yet')).toBeVisible();

  await page.getByRole('button', { name: 'Change the access' }).click();
  const kubeconfig = await portalCommand('cluster', 'kubeconfig', 'dev-us');
  await page.getByRole('textbox', { name: 'Kubeconfig' }).fill(kubeconfig);
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('The access works')).toBeVisible({
    timeout: 30_000,
  });
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('dev-us');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByText('dev-us is registered')).toBeVisible({
    timeout: 30_000,
  });
  // The credential is nowhere any more that a page could show.
  expect(await page.content()).not.toContain('client-key-data');
  await page.getByRole('link', { name: 'Open dev-us' }).click();
  await expect(page.getByRole('table', { name: 'Health' })).toContainText(
    'healthy',
    { timeout: 60_000 },
  );
  const after = await api('admin', 'GET /clusters');
  expect(after.clusters.map(({ name }: { name: string }) => name)).toEqual([
    'dev-eu',
    'dev-us',
  ]);
});

test('an operator creates a namespace, and what is a system namespace is left alone', async ({
  openAs,
  clusterId,
}) => {
  const id = await clusterId('dev-eu');
  const page = await openAs('operator', `${LIST}/${id}/namespaces`);
  await page.getByRole('button', { name: 'Create namespace' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').first().fill('e2e-space');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByRole('button', { name: /Create/ }).click();
  await expect(dialog).toContainText('Done');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(
    page.getByRole('row').filter({ hasText: 'e2e-space' }),
  ).toBeVisible();
  await expect(
    page.getByRole('button', { name: 'Delete kube-system' }),
  ).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Delete e2e-space' }).click();
  await dialog.getByRole('textbox').fill('e2e-space');
  await dialog.getByRole('button', { name: /Delete/ }).click();
  await expect(dialog).toContainText('Done');
});

test('changes tell what was done, and what was refused', async ({
  openAs,
  api,
  clusterId,
}) => {
  const id = await clusterId('dev-eu');
  await api('viewer', `DELETE /clusters/${id}`).catch(() => {});
  const page = await openAs('admin', '/k8s/changes');
  const refused = page.getByRole('row').filter({ hasText: 'refused' }).first();
  await expect(refused).toBeVisible();
  await expect(
    page.getByRole('row').filter({ hasText: 'operator' }).first(),
  ).toBeVisible();
});
