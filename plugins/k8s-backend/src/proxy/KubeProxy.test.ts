import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  MemoryResources,
  testContext,
} from '../workloads/__fixtures__/MemoryResources';
import { KubeProxy, PROXY_LABEL } from './KubeProxy';

const CONFIG_MAPS = 'api/v1/namespaces/shop/configmaps';

function setup(failure?: Error) {
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
  const proxy = new KubeProxy({
    ...{ resources, logger },
    objects: {
      create: async () => written,
      patch: async () => written,
      delete: async () => ({ success: true }),
    },
    clusters: { get: async () => cluster, list: async () => [cluster] },
    kinds: {
      find: async () => ({
        ...{ group: '', version: 'v1', versions: ['v1'], plural: 'configmaps' },
        ...{ kind: 'ConfigMap', namespaced: true, verbs: [], columns: [] },
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
  return { write, logger };
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
