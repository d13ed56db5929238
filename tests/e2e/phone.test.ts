/** On a phone one can look and roll back: nothing is wider than the screen, and what may not be done says so without a pointer. */
import { devices } from '@playwright/test';
import { expect, test } from './support/portalTest.ts';

const SERVICE = '/catalog/default/component/payments/kubernetes';
const PAGES: Record<string, (id: string) => string> = {
  clusters: () => '/k8s/clusters',
  cluster: id => `/k8s/clusters/${id}/overview`,
  namespaces: id => `/k8s/clusters/${id}/namespaces`,
  events: id => `/k8s/clusters/${id}/events`,
  settings: id => `/k8s/clusters/${id}/settings`,
  changes: () => '/k8s/changes',
  register: () => '/k8s/register',
  search: () => '/k8s/search?q=payments',
  service: () => SERVICE,
};

const { viewport, isMobile, hasTouch, deviceScaleFactor } = devices['Pixel 7'];
test.use({ viewport, isMobile, hasTouch, deviceScaleFactor });

for (const [name, path] of Object.entries(PAGES)) {
  test(`${name} is no wider than the screen`, async ({ openAs, clusterId }) => {
    const page = await openAs('admin', path(await clusterId('dev-eu')));
    await page.getByRole('main').first().waitFor();
    // Skeletons are gone when the page has what it shows.
    await page.waitForTimeout(2_500);
    const overflow = await page.evaluate(
      () =>
        document.documentElement.scrollWidth -
        document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });
}

test('a viewer who touches what is not allowed is told which role is missing', async ({
  openAs,
}) => {
  const page = await openAs('viewer', SERVICE);
  const button = page
    .getByRole('group', { name: 'What you can do' })
    .getByRole('button', { name: 'Restart' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  // It can be touched, which is what is tested; the tool takes it for one that cannot.
  await button.tap({ force: true });
  await expect(
    page.getByRole('tooltip', { name: /K8sOperator/ }),
  ).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('an operator sees what a roll-back would do, and can confirm it', async ({
  openAs,
}) => {
  const page = await openAs('operator', SERVICE);
  // The oldest: other tests may have made newer ones, of the same image.
  await page
    .getByRole('button', { name: /^Roll back to revision/ })
    .last()
    .tap();
  const dialog = page.getByRole('dialog');
  await expect(
    dialog.getByRole('group', { name: 'What would change' }),
  ).toContainText('payments:1.');
  const confirm = dialog.getByRole('button', { name: /^Roll back to/ });
  await expect(confirm).toBeEnabled();
  await expect(confirm).toBeInViewport();
  await dialog.getByRole('button', { name: 'Cancel' }).tap();
  await expect(dialog).toHaveCount(0);
});
