/** The same change on every cluster that has an object: planned, narrowed and followed in one dialog. */
import { expect, test } from './support/portalTest.ts';

const PAYMENTS = '/catalog/default/component/payments/kubernetes';
const WEB = '/resources/apps/deployments/payments/payments';
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

test('a service is restarted on the clusters that are ticked, and each says how it went', async ({
  openAs,
  api,
  clusterId,
}) => {
  const restartedAt = async (cluster: string): Promise<string | undefined> => {
    const id = await clusterId(cluster);
    const { object } = await api('operator', `GET /clusters/${id}${WEB}`);
    return object.spec.template.metadata.annotations?.[RESTARTED_AT];
  };
  const earlier = {
    eu: await restartedAt('dev-eu'),
    us: await restartedAt('dev-us'),
  };
  const page = await openAs('operator', PAYMENTS);
  const restart = async () => {
    await page.getByRole('button', { name: 'On all clusters …' }).click();
    await page.getByRole('menuitem', { name: 'Restart' }).click();
  };
  await restart();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('checkbox')).toHaveCount(2);
  await expect(dialog.getByText('2 fields change')).toHaveCount(2);
  await expect(dialog.getByText('restarted at').first()).toBeVisible();
  await dialog.getByText('dev-us', { exact: true }).click();
  await expect(
    dialog.getByRole('checkbox', { name: 'dev-us' }),
  ).not.toBeChecked();
  await dialog.getByRole('button', { name: 'Restart' }).click();
  await expect(dialog.getByText('Done. The change has arrived.')).toBeVisible();
  await expect(
    dialog.getByRole('listitem').filter({ hasText: 'dev-eu' }),
  ).toContainText('done');
  expect(await restartedAt('dev-eu')).not.toBe(earlier.eu);
  expect(await restartedAt('dev-us')).toBe(earlier.us);
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await restart();
  await dialog.getByRole('button', { name: 'Restart' }).click();
  await expect(
    dialog.getByRole('listitem').filter({ hasText: 'dev-us' }),
  ).toContainText('done');
  expect(await restartedAt('dev-us')).not.toBe(earlier.us);
});

test('a deletion shows what would go on each cluster, and is not made by that', async ({
  openAs,
  api,
  clusterId,
}) => {
  const page = await openAs('operator', PAYMENTS);
  await page.getByRole('button', { name: 'On all clusters …' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('is deleted', { exact: true })).toHaveCount(2);
  await expect(dialog.getByText('kind: Deployment').first()).toBeVisible();
  await dialog.getByText('What would be deleted on dev-us').click();
  await expect(dialog.getByText('kind: Deployment').nth(1)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  for (const name of ['dev-eu', 'dev-us']) {
    const id = await clusterId(name);
    const { object } = await api('operator', `GET /clusters/${id}${WEB}`);
    expect(object.metadata.deletionTimestamp).toBeUndefined();
  }
});

test('what one may not do is not offered on all clusters either', async ({
  openAs,
}) => {
  const page = await openAs('viewer', PAYMENTS);
  await page.getByRole('button', { name: 'On all clusters …' }).click();
  await expect(page.getByRole('menu')).toContainText('K8sOperator');
  await expect(page.getByRole('menuitem', { name: 'Restart' })).toBeDisabled();
});
