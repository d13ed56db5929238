/** What became of an object, told where one looks at it while it happens; and how the caches are, for administrators. */
import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { CLUSTERS } from '../../dev/portal/clusters/clusterTable.ts';
import { DevelopmentCluster } from '../../dev/portal/clusters/DevelopmentCluster.ts';
import { expect, test as base } from './support/portalTest.ts';

const NAMESPACE = 'payments';
const development = new DevelopmentCluster(CLUSTERS[0]);

interface HistoryFixtures {
  /** A ConfigMap of the test's own: the path of its page, and of its routes. */
  subject: { name: string; page: string; route: string };
}

const test = base.extend<HistoryFixtures>({
  subject: async ({ api, clusterId }, use) => {
    const id = await clusterId(CLUSTERS[0].name);
    // A history outlives its object.
    const name = `e2e-history-${randomUUID().slice(-8)}`;
    const kind = `/clusters/${id}/resources/core/configmaps`;
    await api('operator', `POST ${kind}`, {
      manifest: {
        ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { size: '1' } },
        metadata: { name, namespace: NAMESPACE },
      },
    });
    const route = `${kind}/${NAMESPACE}/${name}`;
    const object = `object/core/configmaps/${NAMESPACE}/${name}`;
    await use({ name, route, page: `/k8s/clusters/${id}/${object}/history` });
    await api('admin', `DELETE ${route}`).catch(() => undefined);
  },
});

const rowOf = (page: Page, text: string) =>
  page
    .getByRole('table', { name: 'History' })
    .getByRole('row')
    .filter({ hasText: text });

test('the history goes on while one looks at it: by the portal, by others, and after the end', async ({
  openAs,
  api,
  subject,
}) => {
  const page = await openAs('admin', subject.page);
  await expect(rowOf(page, 'operator').first()).toBeVisible();
  await expect(page.getByRole('note')).toContainText('ecorded');

  await api('operator', `PATCH ${subject.route}`, {
    patch: { data: { size: '2' } },
  });
  const ours = rowOf(page, 'data.size: 1 → 2');
  await expect(ours).toContainText('Operator');
  await expect(ours).toContainText('portal');

  await development
    .client()
    .call(
      'PATCH',
      `/api/v1/namespaces/${NAMESPACE}/configmaps/${subject.name}?fieldManager=kubectl-edit`,
      {
        body: { data: { size: '3' } },
        contentType: 'application/merge-patch+json',
      },
    );
  const others = rowOf(page, 'data.size: 2 → 3');
  await expect(others).toContainText('kubectl-edit');
  await others.getByRole('button', { name: /^Details of/ }).click();
  const diff = page.getByRole('group', { name: 'What differs' });
  await expect(diff).toContainText(/data\.size: "?2"?/);
  await expect(diff).toContainText(/data\.size: "?3"?/);

  await ours.getByRole('button', { name: /^Details of/ }).click();
  await page.getByRole('link', { name: /Change a part of/ }).click();
  await expect(page).toHaveURL(/\/changes\?search=e2e-history/);
  await page.goBack();

  await api('operator', `DELETE ${subject.route}`);
  // Told by the stream, or by reading again where the page is just being opened.
  await expect(
    page.getByText(/was deleted|may have been removed/).first(),
  ).toBeVisible();
  await expect(rowOf(page, 'Deleted')).toContainText('Operator');
  // Who comes later finds no object, but what became of it.
  await page.reload();
  await expect(rowOf(page, 'Deleted')).toContainText('Operator');
});

test('who may not know who it was is told what changed all the same', async ({
  openAs,
  api,
  subject,
}) => {
  // Somebody has to look, so that it is seen.
  await api('viewer', `GET ${subject.route.replace(/\/[^/]+\/[^/]+$/, '')}`);
  const page = await openAs('viewer', subject.page);
  await expect(page.getByRole('note')).toContainText('ecorded');
  await api('operator', `PATCH ${subject.route}`, {
    patch: { data: { size: '2' } },
  });
  const row = rowOf(page, 'data.size: 1 → 2');
  await expect(row).toContainText('a user of the portal');
  await expect(row).not.toContainText('Operator');
});

test('administrators see how the caches are, others which role they need', async ({
  openAs,
  clusterId,
}) => {
  const id = await clusterId(CLUSTERS[0].name);
  const page = await openAs('admin', `/k8s/clusters/${id}/settings`);
  await page.getByRole('button', { name: 'How its cache is' }).click();
  await expect(page).toHaveURL(new RegExp(`/k8s/cache\\?cluster=${id}`));
  const kinds = page.getByRole('table', { name: 'Kinds' });
  await expect(kinds.getByRole('row').nth(1)).toContainText(CLUSTERS[0].name);
  await expect(
    page.getByRole('table', { name: 'API servers' }).getByRole('row').nth(1),
  ).toContainText(/\d/);
  await kinds.getByRole('button', { name: 'Objects' }).click();
  await expect(page).toHaveURL(/sort=/);
});

test('a viewer is told what is missing for the page of the caches', async ({
  openAs,
}) => {
  const page = await openAs('viewer', '/k8s/cache');
  await expect(page.getByText(/Only administrators see/)).toBeVisible();
  await expect(page.getByText(/K8sAdmin/)).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
});
