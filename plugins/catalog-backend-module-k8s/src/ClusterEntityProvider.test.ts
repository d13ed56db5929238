import { mockServices } from '@backstage/backend-test-utils';
import type { EntityProviderConnection } from '@backstage/plugin-catalog-node';
import { apiEntity } from './apiEntity';
import type { CatalogCluster } from './clusterEntity';
import { ClusterEntityProvider } from './ClusterEntityProvider';

const cluster = (name: string): CatalogCluster => ({
  id: `id-of-${name}`,
  name,
  status: 'healthy',
  labels: {},
  protected: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  entityRef: `resource:default/${name}`,
});

function setup() {
  const read = jest.fn<Promise<CatalogCluster[]>, []>();
  const applyMutation = jest.fn<
    ReturnType<EntityProviderConnection['applyMutation']>,
    Parameters<EntityProviderConnection['applyMutation']>
  >(async () => {});
  const logger = mockServices.logger.mock();
  const provider = new ClusterEntityProvider({
    reader: { read },
    logger,
    api: apiEntity({ definition: 'openapi: 3.0.3', owner: 'unknown' }),
    defaultOwner: 'unknown',
  });
  const names = () =>
    applyMutation.mock.calls.map(([mutation]) => {
      if (mutation.type !== 'full') throw new Error(mutation.type);
      return mutation.entities.map(
        ({ entity }) => `${entity.kind}:${entity.metadata.name}`,
      );
    });
  const connect = () =>
    provider.connect({ applyMutation, refresh: async () => {} });
  return { read, applyMutation, logger, provider, names, connect };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Lets everything happen that waits for nothing but promises. */
const settle = () => jest.advanceTimersByTimeAsync(0);

it('gives the catalog all clusters and the API as soon as it is connected', async () => {
  const { read, connect, names } = setup();
  read.mockResolvedValue([cluster('dev-eu'), cluster('dev-us')]);
  await connect();
  await settle();
  expect(names()).toEqual([['API:k8s', 'Resource:dev-eu', 'Resource:dev-us']]);
});

it('reads again at a hint and leaves out what was removed', async () => {
  const { read, connect, names, provider } = setup();
  read.mockResolvedValueOnce([cluster('dev-eu'), cluster('dev-us')]);
  await connect();
  await settle();
  read.mockResolvedValueOnce([cluster('dev-us')]);
  provider.requestSync();
  await settle();
  expect(names()[1]).toEqual(['API:k8s', 'Resource:dev-us']);
});

it('answers hints during a read by one more read', async () => {
  const { read, connect, names, provider } = setup();
  let answer = (_: CatalogCluster[]) => {};
  read.mockReturnValueOnce(
    new Promise(resolve => {
      answer = resolve;
    }),
  );
  await connect();
  await settle();
  read.mockResolvedValue([cluster('dev-eu')]);
  for (let hint = 0; hint < 5; hint++) provider.requestSync();
  await settle();
  expect(read).toHaveBeenCalledTimes(1);
  answer([]);
  await settle();
  expect(read).toHaveBeenCalledTimes(2);
  expect(names()).toEqual([['API:k8s'], ['API:k8s', 'Resource:dev-eu']]);
});

it('keeps what the catalog has while the registry does not answer, and tries again', async () => {
  const { read, connect, names, logger } = setup();
  read.mockRejectedValueOnce(new Error('not up yet'));
  read.mockRejectedValueOnce(new Error('not up yet'));
  read.mockResolvedValue([cluster('dev-eu')]);
  await connect();
  await settle();
  expect(names()).toEqual([]);
  await jest.runAllTimersAsync();
  expect(names()).toEqual([['API:k8s', 'Resource:dev-eu']]);
  expect(logger.warn).toHaveBeenCalledTimes(2);
  expect(logger.warn).toHaveBeenCalledWith(
    'The clusters could not be read for the catalog',
    { cause: 'not up yet' },
  );
});

it('tries again when the catalog does not take it', async () => {
  const { read, connect, applyMutation } = setup();
  read.mockResolvedValue([]);
  applyMutation.mockRejectedValueOnce(new Error('database is locked'));
  await connect();
  await jest.runAllTimersAsync();
  expect(applyMutation).toHaveBeenCalledTimes(2);
});

it('does nothing before it is connected and nothing once it is stopped', async () => {
  const { read, connect, provider } = setup();
  read.mockRejectedValue(new Error('gone'));
  provider.requestSync();
  await jest.runAllTimersAsync();
  expect(read).not.toHaveBeenCalled();
  await connect();
  await settle();
  provider.stop();
  await jest.runAllTimersAsync();
  const reads = read.mock.calls.length;
  provider.requestSync();
  await jest.runAllTimersAsync();
  expect(read).toHaveBeenCalledTimes(reads);
});
