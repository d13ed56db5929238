import { mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import type {
  ObjectReference,
  ResourceHook,
} from '@backstage-k8s/plugin-k8s-node';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { HookedResourceClient } from './HookedResourceClient';

const REFERENCE: ObjectReference = {
  cluster: 'c1',
  group: '',
  version: 'v1',
  plural: 'configmaps',
  namespace: 'default',
  name: 'a',
};
const CLUSTER = { id: 'c1', name: 'one', labels: {} };
const OBJECT = { metadata: { name: 'a', namespace: 'default' }, data: {} };
const write = (more: object = {}) => ({
  context: testContext(),
  action: 'configmap.create',
  ...more,
});

function setUp(...hooks: Omit<ResourceHook, 'name'>[]) {
  const resources = new MemoryResources();
  const logger = mockServices.logger.mock();
  const client = new HookedResourceClient({
    reader: resources,
    writer: resources,
    hooks: hooks.map((hook, index) => ({ name: `hook-${index}`, ...hook })),
    clusters: { get: async () => CLUSTER, list: async () => [CLUSTER] },
    logger,
  });
  return { client, resources, logger };
}

describe('HookedResourceClient', () => {
  it('tells hooks what is to be changed, where and by which action', async () => {
    const before = jest.fn(async () => {});
    const { client } = setUp({ before });
    await client.create(REFERENCE, OBJECT, write({ dryRun: true }));
    expect(before).toHaveBeenCalledWith(
      {
        verb: 'create',
        cluster: CLUSTER,
        reference: REFERENCE,
        object: OBJECT,
        action: 'configmap.create',
        dryRun: true,
      },
      expect.anything(),
    );
  });

  it('changes nothing when one refuses, and does not ask the others', async () => {
    const later = jest.fn();
    const { client, resources } = setUp(
      {
        before: async () => {
          throw new NotAllowedError('Not today');
        },
      },
      { before: later },
    );
    await expect(client.delete(REFERENCE, write())).rejects.toThrow(
      'Not today',
    );
    expect(resources.changes).toEqual([]);
    expect(later).not.toHaveBeenCalled();
  });

  it('gives each what the one before made of it, and changes the last', async () => {
    const add = (key: string): Omit<ResourceHook, 'name'> => ({
      before: async ({ object }) => ({
        object: {
          ...object!,
          data: { ...(object?.data as object), [key]: '' },
        },
      }),
    });
    const { client, resources } = setUp(add('x'), add('y'));
    await client.apply(REFERENCE, OBJECT, write());
    expect(resources.changes).toMatchObject([
      { verb: 'apply', reference: REFERENCE, body: { data: { x: '', y: '' } } },
    ]);
  });

  it('lets no hook change what the change is about', async () => {
    const { client, resources } = setUp({
      before: async () => ({
        reference: { ...REFERENCE, name: 'other' },
        patch: { data: { hooked: 'yes' } },
        object: { metadata: { name: 'other' } },
      }),
    });
    resources.set('configmaps', OBJECT);
    await client.patch(REFERENCE, { data: {} }, write());
    expect(resources.changes).toMatchObject([
      {
        verb: 'patch',
        reference: REFERENCE,
        body: { data: { hooked: 'yes' } },
      },
    ]);
  });

  it('tells hooks afterwards, but not of plans, and survives their failures', async () => {
    const after = jest.fn(async () => {
      throw new Error('broken');
    });
    const { client, resources, logger } = setUp({ after });
    await client.create(REFERENCE, OBJECT, write({ dryRun: true }));
    expect(after).not.toHaveBeenCalled();
    await client.create(REFERENCE, OBJECT, write());
    expect(after).toHaveBeenCalledWith(
      expect.objectContaining({ verb: 'create' }),
      { object: expect.objectContaining({ metadata: OBJECT.metadata }) },
      expect.anything(),
    );
    expect(resources.changes).toHaveLength(2);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});
