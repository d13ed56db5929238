/** Any kind, also one that nobody has heard of: listed with its columns, created, edited, compared, watched and deleted. */
import type { Page } from '@playwright/test';
import { expect, test as base } from './support/portalTest.ts';
import type { PortalFixtures } from './support/portalTest.ts';

/** Where a kind is found: id of its cluster, its group, its page and its path in the API. */
interface Widgets {
  id: string;
  group: string;
  list: string;
  path: string;
}

type Scope = 'Namespaced' | 'Cluster';

/** A kind of its own for each test: a definition that was deleted goes slowly. */
interface WidgetFixtures {
  /** Name of the cluster that has the kind. */
  cluster: string;
  /** A kind with namespaces. */
  widgets: Widgets;
  /** A kind without namespaces. */
  wideWidgets: Widgets;
}

function definition(group: string, scope: Scope) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope,
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          additionalPrinterColumns: [
            { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
            { name: 'Mode', type: 'string', jsonPath: '.spec.mode' },
          ],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              properties: {
                spec: {
                  type: 'object',
                  required: ['size', 'mode'],
                  properties: {
                    size: { type: 'integer', minimum: 1 },
                    mode: { type: 'string', enum: ['fast', 'safe'] },
                  },
                },
              },
            },
          },
        },
      ],
    },
  };
}

const NAMESPACE = 'payments';

const widget = (
  group: string,
  name: string,
  size: number,
  namespace = NAMESPACE,
) => ({
  manifest: {
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name, ...(namespace && { namespace }) },
    spec: { size, mode: 'fast' },
  },
});

const widgetsOf =
  (scope: Scope) =>
  async (
    {
      api,
      clusterId,
      cluster,
    }: Pick<PortalFixtures, 'api' | 'clusterId'> & { cluster: string },
    use: (widgets: Widgets) => Promise<void>,
    { testId }: { testId: string },
  ) => {
    const id = await clusterId(cluster);
    const group = `e2e-${testId.replace(/[^a-z0-9]/g, '').slice(-8)}.example`;
    const definitions = `/clusters/${id}/resources/apiextensions.k8s.io/customresourcedefinitions`;
    await api('admin', `POST ${definitions}`, {
      manifest: definition(group, scope),
    });
    const path = `/clusters/${id}/resources/${group}/widgets`;
    try {
      await expect
        .poll(() => api('admin', `GET ${path}`).catch(() => undefined), {
          timeout: 60_000,
        })
        .toMatchObject({ total: 0 });
      const list = `/k8s/clusters/${id}/custom/${group}/widgets`;
      await use({ id, group, list, path });
    } finally {
      await api('admin', `DELETE ${definitions}/_/widgets.${group}`);
    }
  };

const test = base.extend<WidgetFixtures>({
  cluster: ['dev-eu', { option: true }],
  widgets: widgetsOf('Namespaced'),
  wideWidgets: widgetsOf('Cluster'),
});

const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ hasText: name });

/** Writes a text in place of what is in the editor. */
async function write(page: Page, text: string) {
  const editor = page.locator('.cm-content[contenteditable="true"]');
  await editor.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
  await expect(editor).toContainText(text.trim().split('\n').at(-1)!.trim());
}

async function writtenIn(page: Page): Promise<string> {
  const lines = await page.locator('.cm-content .cm-line').allTextContents();
  return lines.join('\n');
}

test('a kind that nobody has heard of is listed, created, edited, compared, watched and deleted', async ({
  openAs,
  api,
  widgets,
}) => {
  const { group, list, path } = widgets;
  const page = await openAs('operator', list);

  // Created from YAML, which begins with what its schema demands.
  await page.getByRole('button', { name: 'Create Widget' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'YAML' }).click();
  await expect(dialog.locator('.cm-content')).toContainText('mode: fast');
  const skeleton = await writtenIn(page);
  await write(
    page,
    skeleton
      .replace('name: ""', 'name: first')
      .replace('namespace: default', `namespace: ${NAMESPACE}`)
      .replace('size: 1', 'size: many'),
  );
  // What the schema forbids is marked where it is, before anybody is asked.
  await expect(dialog.locator('.cm-lint-marker-error').first()).toBeVisible();
  await write(page, (await writtenIn(page)).replace('size: many', 'size: 3'));
  await expect(dialog.locator('.cm-lint-marker-error')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await expect(dialog.getByRole('group')).toContainText('size: 3');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog).toContainText('Done');
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  // Listed with its own columns, without a reload.
  const row = rowOf(page, 'first');
  await expect(row).toContainText('fast');
  await expect(
    page.getByRole('columnheader').filter({ hasText: 'Size' }),
  ).toBeVisible();
  await expect(row.getByRole('cell', { name: '3', exact: true })).toBeVisible();

  // A change made elsewhere arrives, and so does another object.
  await api('admin', `POST ${path}`, widget(group, 'second', 8));
  await expect(rowOf(page, 'second')).toContainText('8');
  await api('admin', `PATCH ${path}/${NAMESPACE}/second`, {
    patch: { spec: { size: 9 } },
  });
  await expect(rowOf(page, 'second')).toContainText('9');

  // By keyboard to its YAML; what an edit would do is shown before it is done.
  await row.getByRole('link', { name: 'first' }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await expect(page).toHaveURL(/\/first\/yaml$/);
  await expect(page.locator('.cm-content')).toContainText('size: 3');
  await write(page, (await writtenIn(page)).replace('size: 3', 'size: 5'));
  await page.getByRole('button', { name: 'Show what would change' }).click();
  const diff = dialog.getByRole('group', { name: 'What would change' });
  await expect(diff).toContainText('size: 3');
  await expect(diff).toContainText('size: 5');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog).toContainText('Done');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const answer = await api('admin', `GET ${path}/${NAMESPACE}/first`);
  expect(answer.object.spec.size).toBe(5);

  // Its history has what was done.
  await page.getByRole('link', { name: 'History' }).click();
  await expect(rowOf(page, 'operator').first()).toBeVisible();

  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await dialog.getByRole('textbox').fill('first');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(dialog).toContainText('Done');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByText('Widget first was deleted')).toBeVisible();
  await page.getByRole('link', { name: 'Widget', exact: true }).click();
  await expect(rowOf(page, 'second')).toBeVisible();
  await expect(rowOf(page, 'first')).toHaveCount(0);
});

test('a viewer sees it and may change nothing, and is told what is missing', async ({
  openAs,
  api,
  widgets,
}) => {
  const { group, list, path } = widgets;
  await api('admin', `POST ${path}`, widget(group, 'seen', 4));
  const page = await openAs('viewer', list);
  await expect(rowOf(page, 'seen')).toContainText('4');
  const create = page.getByRole('button', { name: 'Create Widget' });
  await expect(create).toHaveAttribute('aria-disabled', 'true');
  await create.focus();
  await expect(
    page.getByRole('tooltip', { name: /K8sOperator/ }).last(),
  ).toBeVisible();

  await page.getByRole('link', { name: 'seen' }).click();
  await expect(page.getByRole('heading', { name: 'seen' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.getByRole('link', { name: 'YAML', exact: true }).click();
  await expect(page.locator('.cm-content')).toContainText('size: 4');
  await expect(page.locator('.cm-content')).toHaveAttribute(
    'contenteditable',
    'false',
  );
  // Nor by the API.
  const object = `${path}/${NAMESPACE}/seen`;
  const changes: [route: string, body?: unknown][] = [
    [`POST ${path}`, widget(group, 'another', 1)],
    [`PUT ${object}`, widget(group, 'seen', 1)],
    [`PATCH ${object}`, { patch: { spec: { size: 1 } } }],
    [`DELETE ${object}`],
  ];
  for (const change of changes) {
    await expect(api('viewer', ...change)).rejects.toThrow('NotAllowedError');
  }
  const { rows } = await api('admin', `GET ${path}`);
  expect(
    rows.map((row: { name: string; cells: unknown[] }) => [
      row.name,
      row.cells[0],
    ]),
  ).toEqual([['seen', 4]]);
});

test('an operator may not change a kind without namespaces, and is told that it takes K8sAdmin', async ({
  openAs,
  api,
  wideWidgets,
}) => {
  const { group, list, path } = wideWidgets;
  await api('admin', `POST ${path}`, widget(group, 'wide', 4, ''));
  const page = await openAs('operator', list);
  await expect(rowOf(page, 'wide')).toContainText('4');
  const isRefused = async (name: string) => {
    const button = page.getByRole('button', { name, exact: true });
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await button.focus();
    await expect(
      page.getByRole('tooltip', { name: /K8sAdmin/ }).last(),
    ).toBeVisible();
    await button.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
  await isRefused('Create Widget');
  await page.getByRole('link', { name: 'wide', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'wide' })).toBeVisible();
  await isRefused('Delete');
  await expect(
    api('operator', `POST ${path}`, widget(group, 'another', 1, '')),
  ).rejects.toThrow('NotAllowedError');
  expect(await api('admin', `GET ${path}`)).toMatchObject({ total: 1 });
});

test('an administrator creates an object of a kind without namespaces', async ({
  openAs,
  api,
  wideWidgets,
}) => {
  const page = await openAs('admin', wideWidgets.list);
  await page.getByRole('button', { name: 'Create Widget' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'YAML' }).click();
  await expect(dialog.locator('.cm-content')).toContainText('mode: fast');
  const skeleton = await writtenIn(page);
  expect(skeleton).not.toContain('namespace');
  await write(page, skeleton.replace('name: ""', 'name: wide'));
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await expect(dialog.getByRole('group')).toContainText('name: wide');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog).toContainText('Done');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(rowOf(page, 'wide')).toContainText('fast');
  await expect(
    page.getByRole('columnheader', { name: 'Namespace' }),
  ).toHaveCount(0);
  const { object } = await api('admin', `GET ${wideWidgets.path}/_/wide`);
  expect(object.metadata).not.toHaveProperty('namespace');
});

test.describe('on a cluster of others', () => {
  test.use({ cluster: 'dev-us' });

  test('an owner sees nothing of it, nor changes it', async ({
    openAs,
    api,
    url,
    widgets,
  }) => {
    const { id, group, list, path } = widgets;
    await api('admin', `POST ${path}`, widget(group, 'hidden', 4));
    const page = await openAs('owner', list);
    const object = `${path}/${NAMESPACE}/hidden`;
    for (const place of [
      list,
      `/k8s/clusters/${id}/object/${group}/widgets/${NAMESPACE}/hidden`,
    ]) {
      await page.goto(`${url}${place}`);
      await expect(
        page.getByText('It does not exist, or you may not see it'),
      ).toBeVisible();
      for (const trace of ['dev-us', 'fast', 'Create Widget']) {
        await expect(page.getByText(trace)).toHaveCount(0);
      }
    }
    const requests: [route: string, body?: unknown][] = [
      [`GET ${path}`],
      [`GET ${object}`],
      [`POST ${path}`, widget(group, 'another', 1)],
      [`PUT ${object}`, widget(group, 'hidden', 1)],
      [`PATCH ${object}`, { patch: { spec: { size: 1 } } }],
      [`DELETE ${object}`],
    ];
    for (const request of requests) {
      await expect(api('owner', ...request)).rejects.toThrow('NotFoundError');
    }
    expect(await api('admin', `GET ${object}`)).toMatchObject({
      object: { spec: { size: 4 } },
    });
  });
});

test('what an object has to do with others is a graph that can be walked', async ({
  openAs,
  clusterId,
}) => {
  const id = await clusterId('dev-eu');
  const page = await openAs(
    'viewer',
    `/k8s/clusters/${id}/object/apps/deployments/payments/payments/related`,
  );
  const graph = page.locator('svg').filter({ hasText: 'ReplicaSet' }).first();
  await expect(graph).toBeVisible();
  await graph
    .getByRole('link', { name: /^ReplicaSet payments/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/object\/apps\/replicasets\/payments\//);
  await expect(page.getByRole('heading', { level: 2 }).first()).toContainText(
    'payments-',
  );
});

test('a deployment that is stuck says why in the table of all, and that it is well again', async ({
  openAs,
  api,
  clusterId,
}, { testId }) => {
  const id = await clusterId('dev-eu');
  const name = `stuck-${testId.replace(/[^a-z0-9]/g, '').slice(-8)}`;
  const labels = { app: name };
  const place = `deployments/${NAMESPACE}/${name}`;
  await api('admin', `POST /clusters/${id}/resources/apps/deployments`, {
    manifest: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: NAMESPACE, labels },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              { name: 'app', image: 'registry.example/shop/stuck:missing' },
            ],
          },
        },
      },
    },
  });
  try {
    // Where links led before all kinds had one table.
    const page = await openAs(
      'operator',
      `/k8s/clusters/${id}/deployments?namespace=${NAMESPACE}`,
    );
    await expect(page).toHaveURL(/\/workloads\/apps\/deployments\?namespace=/);
    const row = rowOf(page, name);
    await expect(row).toContainText('stuck', { timeout: 60_000 });
    await expect(row).toContainText('cannot be pulled');
    await expect(row).toContainText('0/2');

    const others = page.getByRole('link', { name: 'payments', exact: true });
    await expect(others).toHaveCount(1);
    await page.getByLabel('Label selector').fill(`app=${name}`);
    await expect(others).toHaveCount(0);
    await expect(page).toHaveURL(/labels=app/);
    await expect(row).toContainText('stuck');

    await api('operator', `POST /clusters/${id}/${place}/image`, {
      container: 'app',
      image: 'registry.example/shop/stuck:1.0.0',
    });
    await expect(row).toContainText('complete', { timeout: 60_000 });
    await expect(row).toContainText('2/2');
    await expect(row).toContainText('1.0.0');
  } finally {
    await api('admin', `DELETE /clusters/${id}/${place}`);
  }
});

for (const [group, plural, kind] of [
  ['core', 'pods', 'Pod'],
  ['apps', 'deployments', 'Deployment'],
] as const) {
  test(`150,000 made-up rows of ${plural} are scrolled through, with few of them in the page and few requests`, async ({
    page,
    openAs,
    clusterId,
  }) => {
    const TOTAL = 150_000;
    // Limits against hanging, not measures: the browser may have a share of a core only.
    const PATIENT = { timeout: 120_000 };
    test.setTimeout(400_000);
    const id = await clusterId('dev-eu');
    const nameOf = (index: number) => `row-${String(index).padStart(6, '0')}`;
    const reads: string[] = [];
    // More than a development cluster holds: only the rows are made up.
    await page.route(
      url => url.pathname.endsWith(`/resources/${group}/${plural}`),
      async route => {
        const { searchParams } = new URL(route.request().url());
        const start = Number(searchParams.get('continue') ?? 0);
        const end = Math.min(TOTAL, start + Number(searchParams.get('limit')));
        reads.push(`${start}-${end}`);
        await route.fulfill({
          json: {
            columns: [{ id: 'node', title: 'Node', type: 'text' }],
            rows: Array.from({ length: end - start }, (_, offset) => ({
              cluster: id,
              namespace: 'shop',
              name: nameOf(start + offset),
              uid: `u${start + offset}`,
              resourceVersion: '1',
              createdAt: '2026-01-01T00:00:00Z',
              health: { state: 'healthy', word: 'Running' },
              cells: ['node-1'],
            })),
            total: TOTAL,
            ...(end < TOTAL && { continue: String(end) }),
            cache: { state: 'live' },
          },
        });
      },
    );
    await openAs('viewer', `/k8s/clusters/${id}/workloads/${group}/${plural}`);
    await expect(rowOf(page, nameOf(0))).toBeVisible();
    await expect(
      page.getByRole('status').filter({ hasText: '150000 rows' }),
    ).toBeVisible();
    // Read once, and once more as a stream begins: another one each time that a part of the page has more to be told of.
    const isSettled = async () => {
      const before = reads.length;
      await page.waitForTimeout(2_000);
      return before > 1 && reads.length === before;
    };
    await expect.poll(isSettled, PATIENT).toBe(true);
    // And not on.
    expect(new Set(reads)).toEqual(new Set(['0-200']));
    reads.length = 0;

    const table = page.getByRole('table', { name: kind });
    const scroll = (to: number) =>
      table.evaluate((element, share) => {
        const scroller = element.parentElement!;
        scroller.scrollTop = share * scroller.scrollHeight;
      }, to);
    await scroll(1);
    await expect(rowOf(page, nameOf(TOTAL - 1))).toBeVisible(PATIENT);
    // 15 pages of 10,000 rows; as many again if a stream begins meanwhile all the same.
    expect(reads.length).toBeLessThanOrEqual(32);
    await scroll(0.5);
    await expect(rowOf(page, nameOf(TOTAL / 2))).toBeVisible(PATIENT);
    expect(await table.locator('tr').count()).toBeLessThan(150);
    await scroll(0);
    await expect(rowOf(page, nameOf(0))).toBeVisible();
  });
}
