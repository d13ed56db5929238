import { columnsOf } from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  SearchField,
} from '@backstage-k8s/plugin-k8s-common';
import { unpackRows } from '@backstage-k8s/plugin-k8s-node';
import type { FindQuery, TableQuery } from '@backstage-k8s/plugin-k8s-node';
import { createRowBuilder } from '../rows/createRowBuilder';
import { RowStore } from './RowStore';
import { selectPage } from './selectPage';

const KIND = { group: 'apps', plural: 'deployments' };
const COLUMNS = columnsOf(KIND) ?? [];
const ALL: SearchField[] = ['name', 'image', 'label'];

interface Parts {
  namespace?: string;
  images?: string[];
  initImages?: string[];
  labels?: Record<string, string>;
}

function deployment(name: string, parts: Parts = {}): KubernetesObject {
  const { namespace = 'shop', images = ['app:1'], initImages, labels } = parts;
  const containers = (list: string[]) =>
    list.map((image, index) => ({ name: `busy-${index}`, image }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...{ name, namespace, labels, resourceVersion: '1' },
      uid: `${namespace}-${name}`,
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        spec: {
          containers: containers(images),
          ...(initImages && { initContainers: containers(initImages) }),
        },
      },
    },
  };
}

function find(
  objects: KubernetesObject[],
  text: string,
  more: Partial<TableQuery> & { by?: FindQuery['by'] } = {},
) {
  const { by = ALL, ...query } = more;
  const store = new RowStore({ build: createRowBuilder(KIND, COLUMNS) });
  for (const object of objects) store.put(object);
  return selectPage(store.select({}), {
    ...{ cluster: 'c1', version: 'v1', columns: COLUMNS, limit: 100 },
    ...KIND,
    ...query,
    find: { text, by },
  });
}

// What comes over is no row of a list.
const itemsOf = (found: ReturnType<typeof find>) =>
  unpackRows(found.rows) as unknown as {
    name: string;
    match: { by: SearchField; text?: string };
  }[];
const namesOf = (found: ReturnType<typeof find>) =>
  itemsOf(found).map(({ name }) => name);

it('puts an exact name first, then beginnings and parts of names, images, labels, and parts of labels', () => {
  const found = find(
    [
      deployment('e', { labels: { team: 'web-team' } }),
      deployment('d', { labels: { app: 'web' } }),
      deployment('c', { images: ['registry.example/web:1'] }),
      deployment('my-web'),
      deployment('web-two'),
      deployment('web-one'),
      deployment('web'),
      deployment('other'),
    ],
    'web',
  );
  expect(itemsOf(found).map(({ name, match }) => [name, match])).toEqual([
    ['web', { by: 'name' }],
    ['web-one', { by: 'name' }],
    ['web-two', { by: 'name' }],
    ['my-web', { by: 'name' }],
    ['c', { by: 'image', text: 'registry.example/web:1' }],
    ['d', { by: 'label', text: 'app=web' }],
    ['e', { by: 'label', text: 'team=web-team' }],
  ]);
  expect(found.total).toBe(7);
});

describe('images', () => {
  const objects = [
    deployment('one', {
      images: ['registry.example/team/Proxy:2', 'registry.example/api:1.2-RC1'],
      initImages: ['tools/migrate@sha256:0123abcd'],
    }),
    deployment('two', { images: ['nginx:1.27'] }),
  ];

  it.each([
    ['registry.example/api:1.2-RC1', 'one', 'registry.example/api:1.2-RC1'],
    ['API:1.2', 'one', 'registry.example/api:1.2-RC1'],
    ['team/proxy', 'one', 'registry.example/team/Proxy:2'],
    ['migrate@sha256:0123', 'one', 'tools/migrate@sha256:0123abcd'],
    ['nginx', 'two', 'nginx:1.27'],
  ])('%s is found, as it is written', (text, name, image) => {
    expect(itemsOf(find(objects, text))).toMatchObject([
      { name, match: { by: 'image', text: image } },
    ]);
  });

  it('what else is in the cells does not count, nor two images beside each other', () => {
    // The name of a container, a selector, the end of one image with the beginning of the next.
    for (const text of ['busy-0', 'app=one', 'proxy:2\nregistry', '0/1']) {
      expect(namesOf(find(objects, text))).toEqual([]);
    }
  });
});

describe('labels', () => {
  const objects = [
    deployment('a', { labels: { app: 'payments', tier: 'Back-End' } }),
    deployment('b', { labels: { 'example.org/app': 'payments-worker' } }),
    deployment('c', { labels: { wrapper: 'app', empty: '' } }),
  ];

  it.each([
    ['app=payments', ['a', 'b']],
    ['app=pay', ['a', 'b']],
    ['example.org/app=payments-worker', ['b']],
    ['app=', ['a', 'b']],
    ['APP=Payments', ['a', 'b']],
    ['tier=back', ['a']],
    ['ier=back', []],
    ['app=ments', []],
    ['back-end', ['a']],
    ['orker', ['b']],
    // Keys are no values.
    ['wrapper', []],
    ['=payments', []],
  ])('%s', (text, expected) => {
    expect(namesOf(find(objects, text))).toEqual(expected);
  });
});

it('looks only where it is told to', () => {
  const objects = [
    deployment('token', { labels: { app: 'x' } }),
    deployment('other', { images: ['token:1'], labels: { app: 'token' } }),
  ];
  expect(namesOf(find(objects, 'token', { by: ['name'] }))).toEqual(['token']);
  expect(namesOf(find(objects, 'token', { by: ['label'] }))).toEqual(['other']);
});

it('counts all, answers with the best, and neither with what may not be seen', () => {
  const objects = Array.from({ length: 30 }, (_, index) =>
    deployment(`web-${String(index).padStart(2, '0')}`, {
      namespace: index % 2 ? 'shop' : 'bank',
    }),
  );
  const all = find(objects, 'web', { limit: 2 });
  expect(namesOf(all)).toEqual(['web-00', 'web-01']);
  expect(all).toMatchObject({ total: 30, hasMore: true });

  const filter = {
    cluster: { id: 'c1', name: 'one', labels: {} },
    criteria: {
      rule: 'IS_NAMESPACE',
      resourceType: 'k8s-resource',
      params: { namespaces: ['shop'] },
    },
  };
  const some = find(objects, 'web', { limit: 2, filter });
  expect(namesOf(some)).toEqual(['web-01', 'web-03']);
  expect(some.total).toBe(15);
  expect(Object.values(some.health)).toEqual([15]);

  const none = find(objects, 'web', {
    filter: { ...filter, criteria: 'none' },
  });
  expect(none).toMatchObject({ total: 0, health: {}, hasMore: false });
});

it('tells an image of a cluster as plain text', () => {
  const found = find(
    [deployment('a', { images: ['evil\u001b[31m:1\u202e'] })],
    'evil',
  );
  expect(itemsOf(found)[0].match).toEqual({ by: 'image', text: 'evil:1' });
});
