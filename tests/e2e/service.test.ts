/** The way of a developer: see the service, break it, see why, roll it back. */
import { expect, test } from './support/portalTest.ts';

const SERVICE = '/catalog/default/component/payments/kubernetes';

test('an operator breaks an image, sees why, and rolls back', async ({
  openAs,
}) => {
  const page = await openAs('operator', SERVICE);
  const table = page.getByRole('table', {
    name: 'Deployments of this service',
  });
  const euRow = table.getByRole('row').filter({ hasText: 'dev-eu' });
  await expect(euRow).toContainText('3/3');
  await expect(
    table.getByRole('row').filter({ hasText: 'dev-us' }),
  ).toContainText('3/3');
  await euRow.click();

  await page.getByRole('button', { name: 'Change image' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel('New image')
    .fill('registry.example/shop/payments:missing');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  // The API server's own dry run, before anything has happened.
  await expect(dialog).toContainText('registry.example/shop/payments:1.5.0');
  await expect(dialog).toContainText('registry.example/shop/payments:missing');
  await expect(euRow).toContainText('1.5.0');
  await dialog.getByRole('button', { name: 'Change image' }).click();
  await expect(dialog).toContainText('rollout', { timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  // Without a reload: the row says it in a word, the sentence below says why.
  await expect(euRow).toContainText('stuck', { timeout: 60_000 });
  const why = page.getByRole('status').filter({ hasText: 'stuck' });
  await expect(why).toContainText('cannot be pulled');
  await expect(why).toContainText('still serves');
  await expect(
    page.getByRole('row').filter({ hasText: 'ImagePull' }).first(),
  ).toBeVisible();

  await page
    .getByRole('button', { name: 'Roll back to 1.5.0' })
    .first()
    .click();
  await expect(dialog).toContainText('registry.example/shop/payments:1.5.0');
  await dialog.getByRole('button', { name: 'Roll back to 1.5.0' }).click();
  await expect(dialog).toContainText('complete', { timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(euRow).toContainText('complete');
  await expect(euRow).toContainText('3/3');
});

test('a viewer sees it all and may change nothing, and is told what is missing', async ({
  openAs,
}) => {
  const page = await openAs('viewer', SERVICE);
  const actions = page.getByRole('group', { name: 'What you can do' });
  for (const name of ['Change image', 'Scale', 'Restart', 'Delete']) {
    const button = actions.getByRole('button', { name });
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await button.focus();
    await expect(
      page.getByRole('tooltip', { name: /K8sOperator/ }).last(),
    ).toBeVisible();
    await button.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
});

test('an owner sees and changes the own cluster only', async ({
  openAs,
  api,
  clusterId,
}) => {
  const page = await openAs('owner', SERVICE);
  const table = page.getByRole('table', {
    name: 'Deployments of this service',
  });
  await expect(
    table.getByRole('row').filter({ hasText: 'dev-eu' }),
  ).toBeVisible();
  await expect(table).not.toContainText('dev-us');
  await page.getByRole('button', { name: 'Scale' }).click();
  const dialog = page.getByRole('dialog');
  const replicas = dialog.getByRole('textbox', { name: 'Replicas' });
  await replicas.fill('4');
  // A number counts when its field is left.
  await replicas.press('Tab');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByRole('button', { name: 'Scale' }).click();
  await expect(dialog).toContainText('Done', { timeout: 60_000 });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(table).toContainText('4/4', { timeout: 30_000 });
  // As it was: the clusters are kept for the next run.
  const id = await clusterId('dev-eu');
  await api(
    'owner',
    `POST /clusters/${id}/deployments/payments/payments/scale`,
    {
      replicas: 3,
    },
  );
  await expect(table).toContainText('3/3', { timeout: 30_000 });
});
