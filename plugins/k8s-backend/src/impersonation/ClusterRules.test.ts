import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import type { KindDescription } from '@backstage-k8s/plugin-k8s-common';
import type { ObjectReference } from '@backstage-k8s/plugin-k8s-node';
import { contextOf } from '../cache/__testUtils__/objects';
import type { ClusterConnections } from '../connection/ClusterConnection';
import { MemoryResources } from '../workloads/__fixtures__/MemoryResources';
import { AccessReviews } from './AccessReviews';
import { NarrowedResourceClient } from '../resources/NarrowedResourceClient';
import { ClusterRules } from './ClusterRules';

const JANE = { user: 'jane', groups: ['team'] };
const CONFIG_MAPS = {
  cluster: 'c1',
  group: '',
  version: 'v1',
  plural: 'configmaps',
};
const named = (namespace: string): ObjectReference => ({
  ...CONFIG_MAPS,
  namespace,
  name: 'a',
});

interface Review {
  verb: string;
  resource: string;
  namespace?: string;
  name?: string;
}

/** A cluster whose rules are the test's. */
function setUp(allows: (review: Review) => boolean | Error) {
  const asked: Review[] = [];
  let now = 0;
  const request = jest.fn(async ({ body, as }) => {
    expect(as).toBe(JANE);
    const review = (body as { spec: { resourceAttributes: Review } }).spec
      .resourceAttributes;
    asked.push(review);
    const allowed = allows(review);
    if (allowed instanceof Error) throw allowed;
    return { json: async () => ({ status: { allowed } }) };
  });
  const resources = new MemoryResources();
  for (const name of ['one', 'two']) {
    resources.set('namespaces', { metadata: { name, uid: name } });
    resources.set('configmaps', {
      metadata: { name: 'a', namespace: name, uid: `a-${name}` },
    });
  }
  const narrowing = new ClusterRules({
    reader: resources,
    kinds: {
      find: async (_, { plural }) => {
        if (plural === 'unknown') throw new NotFoundError('no such kind');
        return { namespaced: plural === 'certificates' } as KindDescription;
      },
    },
    identities: {
      of: async (_, { principal }) =>
        principal.type === 'user' ? JANE : undefined,
    },
    reviews: new AccessReviews({
      connections: {
        get: async () => ({ request }),
      } as unknown as ClusterConnections,
      now: () => now,
    }),
    system: contextOf(),
  });
  const client = new NarrowedResourceClient({ client: resources, narrowing });
  const options = {
    context: contextOf({ principal: { type: 'user', ref: 'jane' } }),
  };
  const seen = async (query: object = {}) =>
    (await client.list({ ...CONFIG_MAPS, ...query }, options)).items.map(
      ({ metadata }) => metadata.namespace,
    );
  return {
    narrowing,
    resources,
    client,
    options,
    asked,
    seen,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('ClusterRules', () => {
  it('asks once where one answer counts for the cluster, and again after seconds', async () => {
    const { seen, asked, pass } = setUp(() => true);
    expect(await Promise.all([seen(), seen()])).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
    expect(asked).toEqual([
      { verb: 'list', group: '', resource: 'configmaps' },
    ]);
    pass(6_501);
    await seen();
    expect(asked).toHaveLength(2);
  });

  it('asks for each namespace where the cluster as a whole is not allowed', async () => {
    const { seen, client, options } = setUp(
      ({ namespace }) => namespace === 'two',
    );
    expect(await seen()).toEqual(['two']);
    expect(await seen({ namespace: 'one' })).toEqual([]);
    expect(await seen({ namespace: 'two' })).toEqual(['two']);
    const table = await client.table(
      { ...CONFIG_MAPS, columns: [], limit: 10 },
      options,
    );
    expect(table.total).toBe(1);
  });

  it.each([
    ['pods', '', 3],
    ['certificates', 'cert-manager.io', 3],
    // It asks in vain rather than hide what may be there.
    ['unknown', 'example.org', 3],
    ['namespaces', '', 1],
    ['nodes', '', 1],
    ['customresourcedefinitions', 'apiextensions.k8s.io', 1],
    ['clusterissuers', 'cert-manager.io', 1],
  ])(
    'asks about namespaces only where a kind has them: %s',
    async (plural, group, questions) => {
      const { narrowing, options, asked } = setUp(() => false);
      const kind = { cluster: 'c1', version: 'v1', group, plural };
      const criteria = await narrowing.criteria(kind, options.context);
      expect([asked.length, criteria === 'none']).toEqual([
        questions,
        questions === 1,
      ]);
    },
  );

  it('asks about the first two hundred namespaces, and about any that is named', async () => {
    const { seen, resources, asked } = setUp(
      ({ namespace }) => namespace === 'zz' || namespace === 'ns-000',
    );
    for (let index = 0; index < 200; index += 1) {
      const name = `ns-${String(index).padStart(3, '0')}`;
      resources.set('namespaces', { metadata: { name, uid: name } });
    }
    for (const namespace of ['zz', 'ns-000']) {
      resources.set('namespaces', {
        metadata: { name: namespace, uid: namespace },
      });
      resources.set('configmaps', {
        metadata: { name: 'a', namespace, uid: `a-${namespace}` },
      });
    }
    expect(await seen()).toEqual(['ns-000']);
    expect(asked).toHaveLength(201);
    expect(await seen({ namespace: 'zz' })).toEqual(['zz']);
  });

  it('adds to what the portal hides, and takes nothing from it', async () => {
    const { seen } = setUp(() => true);
    const cluster = { id: 'c1', name: 'one', labels: {} };
    expect(await seen({ filter: { cluster, criteria: 'none' } })).toEqual([]);
  });

  it('answers an object that the rules hide like one that does not exist', async () => {
    const { client, options, asked } = setUp(
      ({ namespace }) => namespace === 'two',
    );
    await expect(client.get(named('one'), options)).rejects.toThrow(
      NotFoundError,
    );
    const { object } = await client.get(named('two'), options);
    expect(object.metadata.namespace).toBe('two');
    expect(asked.at(-1)).toMatchObject({ verb: 'get', name: 'a' });
  });

  it('does not ask for the portal itself', async () => {
    const { client, asked } = setUp(() => false);
    const list = await client.list(CONFIG_MAPS, { context: contextOf() });
    expect(list.items).toHaveLength(2);
    expect(asked).toEqual([]);
  });

  it('shows nothing when the cluster cannot be asked, and asks again', async () => {
    let isAway = true;
    const { seen } = setUp(() =>
      isAway ? new ServiceUnavailableError('away') : true,
    );
    await expect(seen()).rejects.toThrow('away');
    isAway = false;
    expect(await seen()).toEqual(['one', 'two']);
  });

  it('passes changes on: they are sent as the caller', async () => {
    const { client, options, asked } = setUp(() => false);
    const { object } = await client.get(named('one'), {
      context: contextOf(),
    });
    await client.patch(named('one'), {}, { ...options, action: 'test' });
    expect(object.metadata.name).toBe('a');
    expect(asked).toEqual([]);
  });
});
