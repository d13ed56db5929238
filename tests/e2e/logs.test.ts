/** Logs of several pods in one list, and a terminal that works, in a real browser. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test as base } from './support/portalTest.ts';

interface PodFixtures {
  /** Path of a deployment's page, and of one of its pods. */
  places: { deployment: string; pod: string; podName: string };
}

const test = base.extend<PodFixtures>({
  places: async ({ api, clusterId }, use) => {
    const id = await clusterId('dev-eu');
    const list = `GET /clusters/${id}/resources/core/pods?namespace=orders`;
    const isRunning = ({ health }: { health: { state: string } }) =>
      health.state === 'healthy';
    let podName = '';
    await expect
      .poll(async () => {
        const { rows } = await api('admin', list);
        podName = rows.find(isRunning)?.name ?? '';
        return podName;
      })
      .not.toBe('');
    const at = `/k8s/clusters/${id}/object`;
    await use({
      deployment: `${at}/apps/deployments/orders/orders`,
      pod: `${at}/core/pods/orders/${podName}`,
      podName,
    });
  },
});

const log = (page: Page) => page.getByRole('log');

async function seriousViolations(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .include('main')
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

test('the logs of a deployment are those of its pods, searched and saved', async ({
  openAs,
  places,
}) => {
  const page = await openAs('viewer', `${places.deployment}/logs`);
  await expect(log(page)).toContainText('Listening on port 8080.');
  const lines = log(page).getByText('Started.', { exact: true });
  await expect.poll(() => lines.count()).toBeGreaterThan(1);

  await page.getByRole('searchbox').fill('KWOK');
  await expect(log(page).locator('mark').first()).toHaveText('KWOK');
  await page.getByText('Only matches').click();
  await expect(lines).toHaveCount(0);
  // What is chosen is in the address.
  await expect(page).toHaveURL(/find=KWOK/);
  await page.reload();
  await expect(page.getByRole('searchbox')).toHaveValue('KWOK');
  await expect(log(page)).toContainText('played by KWOK');

  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  expect((await saved).suggestedFilename()).toBe('orders.log');
  expect(await seriousViolations(page)).toEqual([]);
});

test('a terminal answers in the browser, and is in the audit', async ({
  openAs,
  api,
  places,
}) => {
  const page = await openAs('admin', `${places.pod}/terminal`);
  await expect(
    page.getByText('What user:default/admin types is kept in the audit'),
  ).toBeVisible();
  await page.getByRole('button', { name: 'Open terminal' }).click();
  const screen = page.locator('.xterm-rows');
  await expect(screen).toContainText('$');
  const mark = `seen-${Date.now()}`;
  await page.keyboard.type(`echo ${mark}`);
  await page.keyboard.press('Enter');
  await expect(screen.getByText(mark).nth(1)).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);

  await page.keyboard.type('exit');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Open again' })).toBeVisible();
  const { entries } = await api('admin', 'GET /audit?action=terminal.input');
  expect(JSON.stringify(entries)).toContain(`echo ${mark}`);
});

test('who may not open a terminal is told so before a click', async ({
  openAs,
  places,
}) => {
  const page = await openAs('operator', `${places.pod}/terminal`);
  await expect(
    page.getByText('You may not open a terminal here'),
  ).toBeVisible();
  await expect(page.getByText(/terminal: true/)).toBeVisible();
});
