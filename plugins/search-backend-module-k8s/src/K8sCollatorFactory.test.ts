import { mockServices } from '@backstage/backend-test-utils';
import type { ResourceRow } from '@backstage-k8s/plugin-k8s-common';
import { K8sCollatorFactory } from './K8sCollatorFactory';
import type { K8sDocument } from './K8sDocument';
import type { IndexedCluster, ObjectReader } from './ObjectReader';

const DEPLOYMENTS = { group: 'apps', plural: 'deployments' };
const NAMESPACES = { group: '', plural: 'namespaces' };
const WIDGETS = { group: 'example.org', plural: 'widgets' };
const COLUMNS = [
  { id: 'ready', title: 'Ready', type: 'text' as const },
  { id: 'images', title: 'Images', type: 'list' as const },
];

const cluster = (id: string, impersonate = false): IndexedCluster => ({
  ...{ id, name: `name-of-${id}`, impersonate },
});

const row = (name: string, more: Partial<ResourceRow> = {}): ResourceRow => ({
  ...{ cluster: 'c1', name, uid: name, resourceVersion: '1' },
  createdAt: '2026-01-01T00:00:00Z',
  health: { state: 'healthy' },
  cells: ['1/1', ['registry.example/web:1']],
  ...more,
});

function setUp(
  options: {
    clusters?: IndexedCluster[];
    fails?: (id: string) => void;
  } = {},
) {
  const { clusters = [cluster('c1')], fails } = options;
  const logger = mockServices.logger.mock();
  const rows: Record<string, ResourceRow[]> = {
    deployments: [
      row('web', {
        namespace: 'shop',
        labels: { app: 'web', 'example.org/team': 'shop' },
      }),
    ],
    namespaces: [row('shop', { cells: [] })],
  };
  const reader: ObjectReader = {
    clusters: async () => clusters,
    kinds: async () => [
      { ...DEPLOYMENTS, kind: 'Deployment' },
      { ...NAMESPACES, kind: 'Namespace' },
    ],
    async *objects(id, { plural }) {
      fails?.(id);
      yield { columns: COLUMNS, rows: rows[plural] };
    },
  };
  const factory = new K8sCollatorFactory({
    ...{ reader, logger, basePath: '/k8s' },
    kinds: [DEPLOYMENTS, NAMESPACES, WIDGETS],
  });
  const collate = async (): Promise<K8sDocument[]> =>
    (await factory.getCollator()).toArray();
  return { factory, collate, logger };
}

it('makes a document of each object, by which its reader is asked for permission', async () => {
  const { factory, collate } = setUp();
  expect(await collate()).toEqual([
    {
      title: 'web',
      text: 'Deployment shop name-of-c1 registry.example/web:1 app=web example.org/team=shop',
      location: '/k8s/clusters/c1/object/apps/deployments/shop/web',
      ...{ kind: 'Deployment', cluster: 'name-of-c1', namespace: 'shop' },
      authorization: { resourceRef: 'c1/deployments.apps/shop/web' },
    },
    {
      title: 'shop',
      text: 'Namespace name-of-c1',
      location: '/k8s/clusters/c1/object/core/namespaces/_/shop',
      ...{ kind: 'Namespace', cluster: 'name-of-c1', namespace: '' },
      authorization: { resourceRef: 'c1/namespaces./-/shop' },
    },
  ]);
  expect(factory.visibilityPermission).toMatchObject({
    name: 'k8s.resource.read',
    resourceType: 'k8s-resource',
  });
});

it('says once that there is nothing it may read', async () => {
  const { collate, logger } = setUp({ clusters: [] });
  expect(await collate()).toEqual([]);
  expect(await collate()).toEqual([]);
  expect(logger.info).toHaveBeenCalledTimes(1);
  expect(logger.info.mock.calls[0][0]).toContain('k8s.permission.services');
});

it('leaves out clusters whose own rules decide for each user, and says so once', async () => {
  const { collate, logger } = setUp({
    clusters: [cluster('c1', true), cluster('c2')],
  });
  for (let run = 0; run < 2; run += 1) {
    const found = await collate();
    expect(new Set(found.map(one => one.cluster))).toEqual(
      new Set(['name-of-c2']),
    );
  }
  expect(logger.info.mock.calls.map(([, details]) => details)).toEqual([
    { cluster: 'name-of-c1' },
  ]);
});

it('keeps the others when one cluster cannot be read', async () => {
  const { collate, logger } = setUp({
    clusters: [cluster('broken'), cluster('c2')],
    fails: id => {
      if (id === 'broken') throw new Error('no answer');
    },
  });
  const found = await collate();
  expect(found.map(one => one.cluster)).toEqual(['name-of-c2', 'name-of-c2']);
  expect(logger.warn).toHaveBeenCalledWith(expect.any(String), {
    ...{ cluster: 'name-of-broken', error: 'Error: no answer' },
  });
});
