import { mockServices } from '@backstage/backend-test-utils';
import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { KubeProxy, PROXY_LABEL } from './KubeProxy';

const CONFIG_MAPS = 'api/v1/namespaces/shop/configmaps';

function setup(failure?: Error, { namespaced = true } = {}) {
  const resources = new MemoryResources();
  const object = { metadata: { name: 'one', namespace: 'shop', uid: 'u' } };
  resources.get = async () => {
    if (failure) throw failure;
    return { object, cache: { state: 'live' } };
  };
  const logger = mockServices.logger.mock();
  const written = {
    name: 'one',
    status: 'done',
    resourceVersion: '5',
  } as const;
  const cluster = { id: 'c', name: 'c', labels: { [PROXY_LABEL]: 'enabled' } };
  const created = jest.fn(async () => written);
  const proxy = new KubeProxy({
    ...{ resources, logger },
    objects: {
      create: created,
      patch: async () => written,
      delete: async () => ({ success: true }),
    },
    clusters: { get: async () => cluster, list: async () => [cluster] },
    kinds: {
      find: async () => ({
        ...{ group: '', version: 'v1', versions: ['v1'], plural: 'configmaps' },
        ...{ kind: 'ConfigMap', namespaced, verbs: [], columns: [] },
        ...{
          category: 'configuration',
          actions: [],
          custom: false,
          shortNames: [],
        },
      }),
      list: async () => ({ kinds: [], cache: { state: 'live' } }),
    },
    health: { summaries: async () => new Map() },
    audit: { refused: async () => undefined },
  });
  const write = () =>
    proxy.patch(
      { cluster: 'c', path: `${CONFIG_MAPS}/one` },
      { data: {} },
      testContext(),
    );
  const read = (path: string) =>
    proxy.read({ cluster: 'c', path }, {}, testContext());
  const create = (manifest: Record<string, unknown>) =>
    proxy.create({ cluster: 'c', path: CONFIG_MAPS }, manifest, testContext());
  return { write, read, create, created, logger };
}

describe('KubeProxy', () => {
  it('answers what was written', async () => {
    const { write, logger } = setup();
    await expect(write()).resolves.toMatchObject({
      ...{ kind: 'ConfigMap', metadata: { name: 'one' } },
    });
    expect(logger.warn).not.toHaveBeenCalled();
    expect(logger.info).not.toHaveBeenCalled();
  });

  it('has no list in a namespace of a kind that is in none', async () => {
    const { read } = setup(undefined, { namespaced: false });
    const listed = read(CONFIG_MAPS);
    await expect(listed).rejects.toThrow(NotFoundError);
    await expect(listed).rejects.toThrow('A ConfigMap is in no namespace');
    await expect(read('api/v1/configmaps')).resolves.toMatchObject({
      kind: 'ConfigMapList',
    });
  });

  it.each([
    ['has no metadata', {}, 'metadata is missing'],
    ['has a list for it', { metadata: [] }, 'metadata is missing'],
    [
      'names another namespace than its path',
      { metadata: { name: 'one', namespace: 'other' } },
      'metadata.namespace is not that of the path',
    ],
  ])('does not create what %s', async (_, object, words) => {
    const { create, created } = setup();
    const refused = create(object);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(words);
    expect(created).not.toHaveBeenCalled();
  });

  it('creates in the namespace of the path', async () => {
    const { create, created } = setup();
    await create({ metadata: { name: 'one' } });
    expect(created).toHaveBeenCalledWith(
      expect.anything(),
      { metadata: { name: 'one', namespace: 'shop' } },
      expect.anything(),
    );
  });

  it.each([
    ['info', new NotFoundError('configmaps "one" not found')],
    ['warn', new ServiceUnavailableError('The cluster cannot be reached')],
  ] as const)(
    'answers success for what cannot be read again, and logs why (%s)',
    async (level, failure) => {
      const { write, logger } = setup(failure);
      await expect(write()).resolves.toMatchObject({
        ...{ kind: 'Status', status: 'Success', details: { name: 'one' } },
      });
      expect(logger[level]).toHaveBeenCalledTimes(1);
      expect(logger[level]).toHaveBeenCalledWith(
        'What was written through the proxy cannot be read again',
        expect.objectContaining({
          ...{ cluster: 'c', kind: 'configmaps', namespace: 'shop' },
          ...{ name: 'one', errorMessage: failure.message },
        }),
      );
    },
  );
});
