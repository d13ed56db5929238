import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  categoryOf,
  columnsOf,
  kindName,
  traitsOf,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  KubernetesObject,
  ResourceType,
  Schema,
} from '@backstage-k8s/plugin-k8s-common';
import type {
  CacheState,
  ReadOptions,
  TableQuery,
  TableResult,
} from '@backstage-k8s/plugin-k8s-node';
import type { RegisteredReference } from '../access/VisibleClusters';
import type { KindStatus } from '../cache/CacheStatus';
import type { KindDirectory } from '../discovery/KindDirectory';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { ObjectSearch } from './ObjectSearch';
import type { SearchOptions } from './ObjectSearch';

const ROLLOUTS = { group: 'example.org', plural: 'rollouts' };

const cluster = (id: string, labels = {}): RegisteredReference => ({
  id,
  name: `name-of-${id}`,
  labels,
});

function object(
  kind: string,
  name: string,
  parts: { namespace?: string; labels?: Record<string, string> } = {},
): KubernetesObject {
  const { namespace, labels } = parts;
  const uid = `${kind}-${namespace}-${name}`;
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace, labels, uid, resourceVersion: '1' },
  };
}

/** Resources that do per cluster as they are told: fail, never answer, or be old. */
class FaultyResources extends MemoryResources {
  readonly asked: TableQuery[] = [];
  readonly faults = new Map<string, Error | 'silent' | CacheState>();

  async table(query: TableQuery, options: ReadOptions): Promise<TableResult> {
    this.asked.push(query);
    const fault =
      this.faults.get(`${query.cluster} ${kindName(query)}`) ??
      this.faults.get(query.cluster);
    if (fault === 'silent') return new Promise(() => {});
    if (fault instanceof Error) throw fault;
    const table = await super.table(query, options);
    return fault ? { ...table, cache: fault } : table;
  }
}

function setUp(
  options: { visible?: RegisteredReference[]; cached?: KindStatus[] } = {},
) {
  const resources = new FaultyResources();
  const visible = options.visible ?? [cluster('c1'), cluster('c2')];
  const kinds: KindDirectory = {
    list: async () => ({ kinds: [], cache: { state: 'live' } }),
    find: async (_, type) => {
      const traits = traitsOf(type);
      const isCustom = kindName(type) === kindName(ROLLOUTS);
      if (!traits && !isCustom) throw new NotFoundError('no such kind');
      const version = traits?.version ?? 'v1';
      return {
        ...{ group: type.group, plural: type.plural, version },
        versions: [version],
        kind: traits?.kind ?? 'Rollout',
        namespaced: traits?.namespaced ?? true,
        category: categoryOf(type),
        custom: isCustom,
        ...{ verbs: ['list'], shortNames: [], actions: [] },
        columns: [...(columnsOf(type) ?? [])],
      };
    },
  };
  const search = new ObjectSearch({
    resources,
    kinds,
    clusters: {
      list: async () => visible,
      get: async () => {
        throw new NotFoundError('not asked for');
      },
    },
    cache: { kinds: async () => options.cached ?? [] },
  });
  const find = async (text: string, more: Partial<SearchOptions> = {}) =>
    (
      await search.find({ text, limit: 10, context: testContext(), ...more })
    ).parse() as Schema<'SearchAnswer'>;
  return { resources, find };
}

const cachedKind = (id: string, type: ResourceType): KindStatus => ({
  ...{ cluster: id, ...type, version: 'v1', state: 'live' },
  ...{ objects: 1, packedBytes: 0, subscribers: 0, lists: 1, resets: 0 },
  ...{ errors: 0, garbage: 0, changes: 0, memoryBytes: 0, keeps: 'objects' },
});

const told = ({ groups }: Schema<'SearchAnswer'>) =>
  groups.map(({ kind, total, items }) => [
    kind,
    total,
    items.map(({ cluster: id, name }) => `${id}/${name}`),
  ]);

describe('what is found', () => {
  it('is of all kinds and clusters, by kind, the kind with the best match first', async () => {
    const { resources, find } = setUp();
    const inShop = { namespace: 'shop' };
    resources.set('pods', object('Pod', 'web-1', inShop), 'c1');
    resources.set('pods', object('Pod', 'web-0', inShop), 'c2');
    resources.set('deployments', object('Deployment', 'my-web', inShop), 'c1');
    resources.set('services', object('Service', 'web', inShop), 'c2');
    resources.set('namespaces', object('Namespace', 'web'), 'c1');
    resources.set('nodes', object('Node', 'other'), 'c1');
    const answer = await find('web');
    expect(told(answer)).toEqual([
      ['Service', 1, ['c2/web']],
      ['Namespace', 1, ['c1/web']],
      ['Pod', 2, ['c2/web-0', 'c1/web-1']],
      ['Deployment', 1, ['c1/my-web']],
    ]);
    expect(answer.total).toBe(5);
    expect(answer.errors).toEqual([]);
    expect(answer.clusters).toEqual([
      { ...cluster('c1'), cache: { state: 'live' } },
      { ...cluster('c2'), cache: { state: 'live' } },
    ]);
  });

  it('is so much of each kind, with how many there are and how they do', async () => {
    const { resources, find } = setUp();
    for (let index = 0; index < 9; index += 1) {
      resources.set('configmaps', object('ConfigMap', `web-${index}`), 'c1');
      resources.set('configmaps', object('ConfigMap', `web-${index}`), 'c2');
    }
    const { groups, total } = await find('web', { limit: 3 });
    expect(groups).toMatchObject([{ total: 18, health: { healthy: 18 } }]);
    expect(groups[0].items.map(({ name }) => name)).toEqual([
      ...['web-0', 'web-0', 'web-1'],
    ]);
    expect(total).toBe(18);
  });

  it('is only of the kinds that are asked for', async () => {
    const { resources, find } = setUp();
    resources.set('pods', object('Pod', 'web'), 'c1');
    resources.set('services', object('Service', 'web'), 'c1');
    const kinds = [{ group: '', plural: 'services' }];
    expect(told(await find('web', { kinds }))).toEqual([
      ['Service', 1, ['c1/web']],
    ]);
    expect(new Set(resources.asked.map(kindName))).toEqual(
      new Set(['services']),
    );
  });

  it('is only on the clusters that are asked for', async () => {
    const { resources, find } = setUp({
      visible: [cluster('c1', { environment: 'test' }), cluster('c2')],
    });
    resources.set('pods', object('Pod', 'web'), 'c1');
    resources.set('pods', object('Pod', 'web'), 'c2');
    for (const selector of ['environment=test', 'id=c1', 'name=name-of-c1']) {
      const answer = await find('web', { selector });
      expect(told(answer)).toEqual([['Pod', 1, ['c1/web']]]);
      expect(answer.clusters).toHaveLength(1);
    }
    await expect(find('web', { selector: '=' })).rejects.toThrow(/selector/);
  });

  it('is of a Secret by its name only', async () => {
    const { resources, find } = setUp();
    const labels = { app: 'web' };
    resources.set('secrets', object('Secret', 'keys', { labels }), 'c1');
    resources.set('secrets', object('Secret', 'web-keys'), 'c1');
    resources.set('configmaps', object('ConfigMap', 'keys', { labels }), 'c1');
    expect(told(await find('web'))).toEqual([
      ['Secret', 1, ['c1/web-keys']],
      ['ConfigMap', 1, ['c1/keys']],
    ]);
    const kinds = [{ group: '', plural: 'secrets' }];
    expect(told(await find('app=web', { kinds }))).toEqual([]);
  });

  it('is of custom resources where they are cached anyway', async () => {
    const { resources, find } = setUp({
      cached: [
        cachedKind('c1', ROLLOUTS),
        // Of a cluster that the caller may not see, and of a kind with a row of its own.
        cachedKind('hidden', ROLLOUTS),
        cachedKind('c1', { group: '', plural: 'events' }),
      ],
    });
    for (const id of ['c1', 'c2', 'hidden']) {
      resources.set('rollouts', object('Rollout', 'web'), id);
      resources.set('events', object('Event', 'web'), id);
    }
    expect(told(await find('web'))).toEqual([['Rollout', 1, ['c1/web']]]);
    const asked = resources.asked.filter(({ plural }) => plural === 'rollouts');
    expect(asked).toMatchObject([
      { cluster: 'c1', find: { onlyCached: true } },
    ]);
  });
});

describe('clusters in trouble', () => {
  it('hold up nobody, and are told of', async () => {
    const { resources, find } = setUp({
      visible: ['c1', 'broken', 'silent', 'old'].map(id => cluster(id)),
    });
    const asOf = '2026-01-01T00:00:00.000Z';
    resources.faults.set('broken', new ServiceUnavailableError('no answer'));
    resources.faults.set('silent', 'silent');
    resources.faults.set('old', { state: 'stale', asOf, message: 'away' });
    for (const id of ['c1', 'broken', 'silent', 'old']) {
      resources.set('pods', object('Pod', 'web'), id);
    }
    const answer = await find('web');
    expect(told(answer)).toEqual([['Pod', 2, ['c1/web', 'old/web']]]);
    expect(answer.errors).toEqual([
      {
        cluster: { id: 'broken', name: 'name-of-broken' },
        error: 'no answer',
      },
      {
        cluster: { id: 'silent', name: 'name-of-silent' },
        error: 'It has not answered yet',
      },
    ]);
    expect(
      Object.fromEntries(answer.clusters.map(({ id, cache }) => [id, cache])),
    ).toEqual({
      c1: { state: 'live' },
      broken: { state: 'stale' },
      silent: { state: 'syncing' },
      old: { state: 'stale', asOf, message: 'away' },
    });
  });

  it('say which kinds are missing where it is not all of them', async () => {
    const { resources, find } = setUp({ visible: [cluster('c1')] });
    const refused = new ServiceUnavailableError('not allowed');
    for (const kind of ['secrets', 'nodes', 'pods', 'jobs.batch']) {
      resources.faults.set(`c1 ${kind}`, refused);
    }
    resources.set('services', object('Service', 'web'), 'c1');
    const answer = await find('web');
    expect(told(answer)).toEqual([['Service', 1, ['c1/web']]]);
    expect(answer.errors.map(({ error }) => error)).toEqual([
      'jobs.batch, nodes, secrets and 1 more: not allowed',
    ]);
    expect(answer.clusters[0].cache).toEqual({ state: 'live' });
  });
});

it.each(['', ' ', 'a', ' a  '])(
  'refuses "%s", which is too short',
  async text => {
    const { find, resources } = setUp();
    await expect(find(text)).rejects.toThrow(/less than 2 characters/);
    expect(resources.asked).toEqual([]);
  },
);

it('finds nothing where the caller may see no cluster', async () => {
  const { find, resources } = setUp({ visible: [] });
  expect(await find('web')).toEqual({
    ...{ groups: [], total: 0, clusters: [], errors: [] },
  });
  expect(resources.asked).toEqual([]);
});
