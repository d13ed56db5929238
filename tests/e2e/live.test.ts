/** Pages move by themselves over one stream; nobody polls. */
import { portalCommand } from '../integration/support/portalCommand.ts';
import { expect, test } from './support/portalTest.ts';

const WATCHED_MS = 60_000;
const SERVICE = '/catalog/default/component/payments/kubernetes';

for (const path of ['/k8s/clusters', SERVICE]) {
  test(`${path} makes no request while it is looked at for a minute`, async ({
    openAs,
  }) => {
    const page = await openAs('operator', path);
    const streams: string[] = [];
    page.on('request', request => {
      if (request.url().endsWith('/api/k8s/streams'))
        streams.push(request.url());
    });
    await page.reload();
    await expect(
      page.getByRole('row').filter({ hasText: 'dev-eu' }).first(),
    ).toBeVisible();
    // What a page reads when it is opened.
    await page.waitForTimeout(3_000);
    expect(streams.length).toBeGreaterThan(0);
    const requests: string[] = [];
    page.on('request', request => {
      if (request.url().includes('/api/k8s/')) {
        requests.push(`${request.method()} ${request.url()}`);
      }
    });
    await page.waitForTimeout(WATCHED_MS);
    expect(requests).toEqual([]);
  });
}

test('a change made elsewhere arrives without a reload', async ({
  openAs,
  api,
  clusterId,
}) => {
  const id = await clusterId('dev-eu');
  const page = await openAs('viewer', `/k8s/clusters/${id}/namespaces`);
  await expect(
    page.getByRole('row').filter({ hasText: 'payments' }),
  ).toBeVisible();
  await api('admin', `POST /clusters/${id}/namespaces`, {
    name: 'from-elsewhere',
  });
  const row = page.getByRole('row').filter({ hasText: 'from-elsewhere' });
  await expect(row).toBeVisible();
  await api('admin', `DELETE /clusters/${id}/namespaces/from-elsewhere`);
  await expect(row).toHaveCount(0, { timeout: 30_000 });
});

test('the page of changes shows what is new by itself, and how it ended', async ({
  openAs,
  api,
  clusterId,
}) => {
  const id = await clusterId('dev-eu');
  const page = await openAs('admin', `/k8s/clusters/${id}/changes`);
  const rows = page.getByRole('table', { name: 'Changes' }).getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  const name = `live-${Date.now().toString(36)}`;
  await api('operator', `POST /clusters/${id}/resources/core/configmaps`, {
    manifest: {
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      metadata: { name, namespace: 'default' },
    },
  });
  const row = rows.filter({ hasText: name }).first();
  // Who it was: by name, or by reference until the catalog has said the name.
  await expect(row).toContainText(/operator/i);
  await expect(row).toContainText('done');
  await api(
    'operator',
    `DELETE /clusters/${id}/resources/core/configmaps/default/${name}`,
  );
  await expect(rows.filter({ hasText: name })).toHaveCount(2);
});

test('a cluster that is killed says so, with its last data; the other goes on', async ({
  openAs,
}) => {
  const page = await openAs('operator', SERVICE);
  const table = page.getByRole('table', {
    name: 'Deployments of this service',
  });
  const us = table.getByRole('row').filter({ hasText: 'dev-us' });
  await expect(us).toBeVisible();
  await portalCommand('cluster', 'kill', 'dev-us');
  try {
    await us.click();
    await expect(page.getByText('dev-us does not answer')).toBeVisible({
      timeout: 60_000,
    });
    await expect(us).toContainText('payments');
    await page.goto(page.url().replace(/\/catalog.*/, '/k8s/clusters'));
    await expect(
      page.getByRole('row').filter({ hasText: 'dev-us' }),
    ).toContainText('unreachable', { timeout: 60_000 });
    await expect(
      page.getByRole('row').filter({ hasText: 'dev-eu' }),
    ).toContainText('healthy');
  } finally {
    await portalCommand('cluster', 'up', 'dev-us');
  }
  await expect(
    page.getByRole('row').filter({ hasText: 'dev-us' }),
  ).toContainText('healthy', { timeout: 60_000 });
});
