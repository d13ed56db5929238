/** One box for all clusters: found as one types, by keyboard alone, and the page of all results. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './support/portalTest.ts';

const box = (page: Page) =>
  page.getByRole('combobox', { name: /over all clusters/ });

async function expectNothingSerious(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .include('[role="search"]')
    .include('main')
    .analyze();
  const serious = violations.filter(
    ({ impact }) => impact === 'serious' || impact === 'critical',
  );
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
}

test('finds a deployment on all clusters from any page, by keyboard alone', async ({
  openAs,
  clusterId,
}) => {
  const [eu, us] = [await clusterId('dev-eu'), await clusterId('dev-us')];
  const page = await openAs('viewer', `/k8s/clusters/${eu}/workloads`);
  await expect(box(page)).toBeVisible();
  await page.keyboard.press('/');
  await expect(box(page)).toBeFocused();
  await page.keyboard.type('payme');
  const deployments = page
    .getByRole('group', { name: 'Deployment' })
    .getByRole('option');
  await expect(deployments).toHaveCount(2);
  await expect(deployments.nth(0)).toContainText('dev-eu');
  await expect(deployments.nth(1)).toContainText('dev-us');

  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(deployments.nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(
    new RegExp(`/k8s/clusters/${us}/object/apps/deployments/payments/payments`),
  );
  await expect(page.getByRole('heading', { name: 'payments' })).toBeVisible();
  await expect(box(page)).toHaveValue('');
  await expect(page.getByRole('listbox')).toBeHidden();
});

test('shows all results on a page of its own, which is narrowed, shared and gone back from', async ({
  openAs,
}) => {
  const page = await openAs('operator', '/k8s/clusters');
  await box(page).fill('app=payments');
  await page.getByRole('option', { name: /^Show all/ }).click();
  await expect(page).toHaveURL(/\/k8s\/search\?q=app%3Dpayments$/);
  await expect(
    page.getByRole('heading', { name: 'Results for “app=payments”' }),
  ).toBeVisible();
  const rows = page.locator('tr[data-row]');
  await expect(rows.first()).toContainText('app=payments');

  await page.getByRole('button', { name: /^Service/ }).click();
  await expect(page).toHaveURL(/kind=services/);
  await expect(rows).toHaveCount(2);
  await page.goBack();
  await expect(page).not.toHaveURL(/kind=/);

  // By the image; the page follows what is typed.
  await box(page).fill('shop/payments:');
  await expect(page).toHaveURL(/q=shop%2Fpayments%3A/);
  await expect(rows.first()).toContainText('registry.example/shop/payments:');
  await page.reload();
  await expect(box(page)).toHaveValue('shop/payments:');
  await expect(rows.first()).toContainText('registry.example/shop/payments:');

  await box(page).fill('no-such-thing');
  await expect(
    page.getByText(/Nothing that you may see matches/),
  ).toBeVisible();
});

test('the filter of a table has a key of its own', async ({ openAs }) => {
  const page = await openAs('viewer', '/k8s/clusters');
  await expect(page.locator('tr[data-row]')).toHaveCount(2);
  await page.keyboard.press('f');
  await page.keyboard.type('dev-us');
  await expect(page.locator('tr[data-row]')).toHaveCount(1);
});

for (const theme of ['light', 'dark'] as const) {
  test(`is accessible, ${theme}`, async ({ page, openAs }) => {
    await page.addInitScript(
      chosen => localStorage.setItem('theme', chosen),
      theme,
    );
    await openAs('admin', '/k8s/clusters');
    await box(page).fill('payments');
    await expect(page.getByRole('option').first()).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await expectNothingSerious(page);
    await box(page).fill('no-such-thing');
    await expect(page.getByText(/^Nothing matches/)).toBeVisible();
    await expectNothingSerious(page);
    await box(page).fill('payments');
    await page.keyboard.press('Enter');
    await expect(page.locator('tr[data-row]').first()).toBeVisible();
    await expectNothingSerious(page);
  });
}

test("objects are among the results of the portal's own search", async ({
  openAs,
}) => {
  const page = await openAs('viewer', '/search?query=payments&types[]=k8s');
  const found = page.getByRole('link', { name: 'payments' }).first();
  // The index is made anew now and then.
  await expect(async () => {
    await page.reload();
    await expect(found).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 100_000 });
  await expect(
    page.getByText(/Deployment · payments · dev-/).first(),
  ).toBeVisible();
  await found.click();
  await expect(page).toHaveURL(/\/k8s\/clusters\/\w+\/object\//);
});
