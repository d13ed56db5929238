import { NotFoundError } from '@backstage/errors';
import { k8sResourceConditions } from '@backstage-k8s/plugin-k8s-node';
import type {
  AccessFilter,
  ObjectReference,
} from '@backstage-k8s/plugin-k8s-node';
import { NarrowedResourceClient } from '../resources/NarrowedResourceClient';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { ResourceFilters } from './ResourceFilters';

const CLUSTER = { id: 'c1', name: 'one', labels: {} };
const CONFIG_MAPS = {
  cluster: 'c1',
  group: '',
  version: 'v1',
  plural: 'configmaps',
};
const { isNamespace } = k8sResourceConditions.conditions;
const hide = (namespace: string): AccessFilter['criteria'] => ({
  not: isNamespace({ namespaces: [namespace] }),
});
const options = { context: testContext(), action: 'test' };

function setUp(...criteria: (AccessFilter['criteria'] | Error)[]) {
  const resources = new MemoryResources();
  for (const namespace of ['one', 'two', 'three']) {
    resources.set('configmaps', {
      metadata: { name: 'a', namespace, uid: namespace },
    });
  }
  const client = new NarrowedResourceClient({
    client: resources,
    narrowing: new ResourceFilters({
      filters: criteria.map((answer, index) => ({
        name: `filter-${index}`,
        criteria: async () => {
          if (answer instanceof Error) throw answer;
          return answer;
        },
      })),
      clusters: { get: async () => CLUSTER, list: async () => [CLUSTER] },
    }),
  });
  const seen = async () =>
    (await client.list(CONFIG_MAPS, options)).items.map(
      ({ metadata }) => metadata.namespace,
    );
  return { client, resources, seen };
}

const inNamespace = (namespace: string): ObjectReference => ({
  ...CONFIG_MAPS,
  namespace,
  name: 'a',
});

describe('ResourceFilters', () => {
  it('hide what one of them hides, and do not count it', async () => {
    const { client, seen } = setUp(hide('one'), 'all', hide('three'));
    expect(await seen()).toEqual(['two']);
    const table = await client.table(
      { ...CONFIG_MAPS, columns: [], limit: 10 },
      options,
    );
    expect(table.total).toBe(1);
  });

  it('hide single objects from reads and changes like what does not exist', async () => {
    const { client, resources } = setUp(hide('one'));
    const hidden = inNamespace('one');
    for (const work of [
      () => client.get(hidden, options),
      () => client.create(hidden, { metadata: {} }, options),
      () => client.apply(hidden, { metadata: {} }, options),
      () => client.patch(hidden, {}, options),
      () => client.delete(hidden, options),
    ]) {
      await expect(work()).rejects.toThrow(NotFoundError);
    }
    expect(resources.changes).toEqual([]);
    await client.patch(inNamespace('two'), {}, options);
    expect(resources.changes).toHaveLength(1);
  });

  it('show nothing when one of them fails', async () => {
    const { seen } = setUp('all', new Error('broken'));
    await expect(seen()).rejects.toThrow('broken');
  });

  it('change nothing when there are none', async () => {
    expect(await setUp().seen()).toEqual(['one', 'two', 'three']);
  });
});
